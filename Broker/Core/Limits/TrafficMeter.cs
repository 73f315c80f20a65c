using Broker.Core.Sessions;
using Broker.Observability;

namespace Broker.Core.Limits;

/// <summary>Measures what one connection sends against its rates and budgets, and says how long it is not to be read. Belongs to the reader.</summary>
internal sealed class TrafficMeter
{
    private readonly LimitPolicy _policy;
    private readonly ClientIdentity _identity;
    private readonly EffectiveLimits _limits;
    private readonly TokenBucket? _messages;
    private readonly TokenBucket? _bytes;
    private readonly BudgetUse? _budget;
    private TokenBucket? _throttle;
    private bool _saidSo;

    public TrafficMeter(LimitPolicy policy, ClientIdentity identity, EffectiveLimits limits, BudgetUse? budget, long now)
    {
        _policy = policy;
        _identity = identity;
        _limits = limits;
        _budget = budget;
        var given = limits.Given;
        _messages = given.MessagesPerSecond > 0 ? new TokenBucket(given.MessagesPerSecond.Value, given.MessageBurst ?? 0, now) : null;
        _bytes = given.BytesPerSecond > 0 ? new TokenBucket(given.BytesPerSecond.Value, given.ByteBurst ?? 0, now) : null;
    }

    /// <summary>Counts one frame that was read; returns for how many milliseconds no more is to be read.</summary>
    public long Count(int bytes, bool isMessage, long now)
    {
        var pause = isMessage && _messages is not null ? _messages.Take(1, now) : 0;
        var limit = LimitName.MessagesPerSecond;
        if (_bytes?.Take(bytes, now) is { } byBytes && byBytes > pause)
        {
            (pause, limit) = (byBytes, LimitName.BytesPerSecond);
        }

        if (pause > 0)
        {
            OnSlowed(limit);
        }

        return _budget is null ? pause : Math.Max(pause, CountBudget(bytes, now));
    }

    private long CountBudget(int bytes, long now)
    {
        var isUsedUp = _budget!.Add(bytes, _limits, now, out var reached);
        if (reached is { } limit)
        {
            var consequence = limit is LimitName.DailyBudget or LimitName.MonthlyBudget
                ? $"it is read at {_limits.BudgetThrottleBytesPerSecond} bytes per second from now on"
                : $"{_limits.BudgetAlarmPercent} % of the budget are used";
            _policy.Report(_identity, limit, consequence);
        }

        if (!isUsedUp)
        {
            _throttle = null;
            return 0;
        }

        _throttle ??= new TokenBucket(_limits.BudgetThrottleBytesPerSecond, 0, now);
        return _throttle.Take(bytes, now);
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
