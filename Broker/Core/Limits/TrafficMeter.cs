using Broker.Core.Sessions;
using Broker.Observability;

namespace Broker.Core.Limits;

/// <summary>
/// Measures what one connection sends against its rates and budgets, and says how long it is not to be read. Belongs to the reader. Frames are
/// only added up; rates and budgets are looked at when one of them could be exceeded, and every tenth of a second.
/// </summary>
internal sealed class TrafficMeter
{
    private const long SettlementMilliseconds = 100;
    private const long MostMessages = 256;
    private const long MostBytes = 16 * 1024;

    private readonly LimitPolicy _policy;
    private readonly ClientIdentity _identity;
    private readonly EffectiveLimits _limits;
    private readonly TokenBucket? _messageRate;
    private readonly TokenBucket? _byteRate;
    private readonly BudgetUse? _budget;
    private readonly long _budgetStep;
    private TokenBucket? _throttle;
    private long _messages;
    private long _bytes;
    private long _messagesToSettle;
    private long _bytesToSettle;
    private long _settledAt;
    private bool _saidSo;

    public TrafficMeter(LimitPolicy policy, ClientIdentity identity, EffectiveLimits limits, BudgetUse? budget, long now)
    {
        _policy = policy;
        _identity = identity;
        _limits = limits;
        _budget = budget;
        var given = limits.Given;
        _messageRate = given.MessagesPerSecond > 0 ? new TokenBucket(given.MessagesPerSecond.Value, given.MessageBurst ?? 0, now) : null;
        _byteRate = given.BytesPerSecond > 0 ? new TokenBucket(given.BytesPerSecond.Value, given.ByteBurst ?? 0, now) : null;
        _budgetStep = budget is null ? MostBytes : limits.SmallerBudget / 100;
        Settle(now);
    }

    /// <summary>Counts one frame that was read; returns for how many milliseconds no more is to be read.</summary>
    public long Count(int bytes, bool isMessage, long now)
    {
        if (now - _settledAt >= SettlementMilliseconds)
        {
            Charge(_settledAt); // at its own time, or it would be taken from what a quiet time has filled up since
            Settle(now);
        }

        _bytes += bytes;
        _messages += isMessage ? 1 : 0;
        if (_bytes < _bytesToSettle && _messages < _messagesToSettle)
        {
            return 0;
        }

        var pause = Charge(now);
        Settle(now);
        return pause;
    }

    /// <summary>The connection ends: what it has sent stays with its ClientId's budget.</summary>
    public void End(long now)
    {
        if (_budget is not null)
        {
            AddToBudget(now);
        }
    }

    // When the next look is due: at the frame that would make a debt.
    private void Settle(long now)
    {
        (_bytes, _messages, _settledAt) = (0, 0, now);
        _messagesToSettle = _messageRate is null ? long.MaxValue : StepOf(_messageRate, MostMessages, now);
        _bytesToSettle = Math.Max(1, Math.Min(_budgetStep, _byteRate is null ? MostBytes : StepOf(_byteRate, MostBytes, now)));
        if (_throttle is not null)
        {
            _bytesToSettle = Math.Min(_bytesToSettle, StepOf(_throttle, MostBytes, now));
        }
    }

    private static long StepOf(TokenBucket bucket, long most, long now) => (long)Math.Clamp(Math.Floor(bucket.Available(now)) + 1, 1, most);

    private long Charge(long now)
    {
        if (_bytes == 0)
        {
            return 0;
        }

        var pause = _messageRate?.Take(_messages, now) ?? 0;
        var limit = LimitName.MessagesPerSecond;
        if (_byteRate?.Take(_bytes, now) is { } byBytes && byBytes > pause)
        {
            (pause, limit) = (byBytes, LimitName.BytesPerSecond);
        }

        if (pause > 0)
        {
            OnSlowed(limit);
        }

        return _budget is null ? pause : Math.Max(pause, ChargeBudget(now));
    }

    private long ChargeBudget(long now)
    {
        if (!AddToBudget(now))
        {
            _throttle = null;
            return 0;
        }

        _throttle ??= new TokenBucket(_limits.BudgetThrottleBytesPerSecond, 0, now);
        return _throttle.Take(_bytes, now);
    }

    // True when a budget is used up.
    private bool AddToBudget(long now)
    {
        var isUsedUp = _budget!.Add(_bytes, _limits, now, out var reached);
        if (reached is { } limit)
        {
            var consequence = limit is LimitName.DailyBudget or LimitName.MonthlyBudget
                ? $"it is read at {_limits.BudgetThrottleBytesPerSecond} bytes per second from now on"
                : $"{_limits.BudgetAlarmPercent} % of the budget are used";
            _policy.Report(_identity, limit, consequence);
        }

        return isUsedUp;
    }

    // Every pause counts, the first of a connection is said.
    private void OnSlowed(LimitName limit)
    {
        if (_saidSo)
        {
            _policy.Count(limit);
            return;
        }

        _saidSo = true;
        _policy.Report(_identity, limit, "it is read more slowly");
    }
}
