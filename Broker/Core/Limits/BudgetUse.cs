using Broker.Core.Timing;
using Broker.Observability;

namespace Broker.Core.Limits;

/// <summary>Bytes that one ClientId has sent in the running day and month (UTC), whatever its connections.</summary>
internal sealed class BudgetUse(BrokerClock clock)
{
    private readonly Lock _gate = new();
    private Period _day;
    private Period _month;

    /// <summary>True when nothing of it counts any more: day and month have passed.</summary>
    public bool IsOver(long now)
    {
        lock (_gate)
        {
            return now >= _day.EndsAt && now >= _month.EndsAt;
        }
    }

    /// <summary>Counts bytes. Returns true when a budget is used up; an alarm or an end that has just been reached is named, once a period.</summary>
    public bool Add(long bytes, EffectiveLimits limits, long now, out LimitName? reached)
    {
        lock (_gate)
        {
            if (now >= _day.EndsAt || now >= _month.EndsAt)
            {
                Turn(now);
            }

            reached = null;
            var daily = _day.Add(bytes, limits.Given.BytesPerDay, limits.BudgetAlarmPercent, LimitName.DailyBudgetAlarm, LimitName.DailyBudget, ref reached);
            var monthly = _month.Add(
                bytes, limits.Given.BytesPerMonth, limits.BudgetAlarmPercent, LimitName.MonthlyBudgetAlarm, LimitName.MonthlyBudget, ref reached);
            return daily || monthly;
        }
    }

    /// <summary>To be kept.</summary>
    public BudgetRecord ToRecord(string clientId)
    {
        lock (_gate)
        {
            return new BudgetRecord(clientId, _day.Bytes, ToTime(_day.EndsAt), _month.Bytes, ToTime(_month.EndsAt));
        }
    }

    /// <summary>Goes on from what was kept. What has been counted already stays.</summary>
    public void Restore(BudgetRecord kept)
    {
        lock (_gate)
        {
            if (_day.EndsAt == 0)
            {
                _day = new Period(FromTime(kept.DayEnds), kept.Day);
                _month = new Period(FromTime(kept.MonthEnds), kept.Month);
            }
        }
    }

    private DateTimeOffset ToTime(long time) => DateTimeOffset.FromUnixTimeMilliseconds(clock.ToUnixMilliseconds(time));

    private long FromTime(DateTimeOffset time) => clock.FromUnixMilliseconds(time.ToUnixTimeMilliseconds());

    private void Turn(long now)
    {
        var today = clock.Time.GetUtcNow();
        if (now >= _day.EndsAt)
        {
            _day = new Period(now + (long)Math.Ceiling((TimeSpan.FromDays(1) - today.TimeOfDay).TotalMilliseconds));
        }

        if (now >= _month.EndsAt)
        {
            var end = new DateTimeOffset(today.Year, today.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1);
            _month = new Period(now + (long)Math.Ceiling((end - today).TotalMilliseconds));
        }
    }

    /// <summary>One day or month: the bytes of it, and what was said of them.</summary>
    private struct Period(long endsAt, long bytes = 0)
    {
        private bool _alarmed;
        private bool _ended;

        /// <summary>On the broker's clock; 0 for a period that has not begun.</summary>
        public long EndsAt { get; } = endsAt;

        /// <summary>Bytes counted in it.</summary>
        public long Bytes { get; private set; } = bytes;

        /// <summary>True when the budget is used up.</summary>
        public bool Add(long bytes, long? budget, int alarmPercent, LimitName alarm, LimitName end, ref LimitName? reached)
        {
            Bytes += bytes;
            if (budget is not > 0 || Bytes < budget / 100.0 * alarmPercent)
            {
                return false;
            }

            var isUsedUp = Bytes >= budget;
            if (isUsedUp && !_ended)
            {
                (_ended, _alarmed) = (true, true);
                reached = end;
            }
            else if (!_alarmed)
            {
                _alarmed = true;
                reached = alarm;
            }

            return isUsedUp;
        }
    }
}
