using Broker.Configuration;
using Broker.Core.Timing;
using Broker.Observability;
using Microsoft.Extensions.Logging;

namespace Broker.Core.Limits;

/// <summary>
/// Watches the memory of the process. Above its limit nothing that grows is let grow, so that the system never has to end the process, until
/// there is some room again.
/// </summary>
internal sealed class MemoryGuard : ITimed
{
    private const long PeriodMilliseconds = 1000;
    private const long CollectionMilliseconds = 60_000;
    private const double EnoughAgain = 0.95;
    private const double WorthCollecting = 0.7;

    /// <summary>Bytes in a queue from which on it does not grow while memory is short.</summary>
    public const long BigQueueBytes = 64 * 1024;

    private readonly BrokerClock _clock;
    private readonly TimerWheel _wheel;
    private readonly ILogger _logger;
    private readonly Func<long> _used;
    private readonly long _limit;
    private long _collectedAt = -CollectionMilliseconds;
    private volatile bool _isShort;

    /// <param name="options">The limit.</param>
    /// <param name="clock">The broker's clock.</param>
    /// <param name="wheel">Where the watch is kept.</param>
    /// <param name="logger">Log.</param>
    /// <param name="used">Bytes that the process uses; null for the resident memory as the system sees it.</param>
    public MemoryGuard(AdmissionOptions options, BrokerClock clock, TimerWheel wheel, ILogger logger, Func<long>? used = null)
    {
        _clock = clock;
        _wheel = wheel;
        _logger = logger;
        _used = used ?? (static () => Environment.WorkingSet);
        _limit = LimitOf(options);
        if (_limit > 0)
        {
            ((ITimed)this).OnTimer();
        }
    }

    /// <summary>True while the process uses more than its limit.</summary>
    public bool IsShort => _isShort;

    void ITimed.OnTimer()
    {
        _wheel.Schedule(this, PeriodMilliseconds);
        var used = _used();
        if (!_isShort && used > _limit)
        {
            _isShort = true;
            _logger.MemoryShort(used, _limit);
        }
        else if (_isShort && used < _limit * EnoughAgain)
        {
            _isShort = false;
            _logger.MemoryEnough(used, _limit);
        }

        if (_isShort)
        {
            CollectIfWorthIt();
        }
    }

    // What the heap keeps for later counts as used: it is given back when most of it holds nothing.
    private void CollectIfWorthIt()
    {
        if (_clock.Now - _collectedAt < CollectionMilliseconds || GC.GetTotalMemory(forceFullCollection: false) > _limit * WorthCollecting)
        {
            return;
        }

        _collectedAt = _clock.Now;
        ThreadPool.UnsafeQueueUserWorkItem(static _ => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true), null);
    }

    private static long LimitOf(AdmissionOptions options) => options.MemoryLimitBytes > 0
        ? options.MemoryLimitBytes
        : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 100 * options.MemoryLimitPercent;
}
