using Broker.Core.Timing;
using Broker.Primitives;

namespace Broker.Connections;

internal abstract partial class ClientConnection : ITimed
{
    private const long NoDeadline = long.MaxValue;

    private TimerHandle _timer;
    private long _timerDue;
    private long _lastReceived;
    private long _blockedSince;
    private long _idleLimit;
    private long _endsAt = NoDeadline;
    private CloseReason _idleReason;
    private bool _abortWhenDue;

    /// <summary>A deadline may have passed: nothing received, or nothing taken, for too long.</summary>
    void ITimed.OnTimer()
    {
        CloseReason? reason = null;
        string? detail = null;
        lock (this)
        {
            _timer = default;
            if (_abortWhenDue)
            {
                _state = Closed;
                _output.Release();
                _transport?.Abort();
                return;
            }

            if (_state != Open)
            {
                return;
            }

            var now = Broker.Clock.Now;
            if (now >= _endsAt)
            {
                reason = CloseReason.NotAuthorized;
                detail = "its credentials have expired";
            }
            else if (now - Volatile.Read(ref _lastReceived) >= IdleLimit)
            {
                reason = _idleReason;
                detail = $"nothing received for {(now - _lastReceived) / 1000.0:0.#} s";
            }
            else if (_blocked && now - _blockedSince >= SendLimit)
            {
                reason = CloseReason.SlowConsumer;
                detail = $"it took no bytes for {(now - _blockedSince) / 1000.0:0.#} s while {_output.Length} were waiting";
            }
            else
            {
                ArmTimer();
            }
        }

        if (reason is { } why)
        {
            Close(why, detail);
        }
    }

    private long IdleLimit => _idleLimit == 0 ? NoDeadline : _idleLimit;

    private long SendLimit => Peer.Options.SendTimeoutClose ? Peer.Options.SendTimeoutSeconds * 1000L : NoDeadline;

    /// <summary>Closes the connection when no complete frame arrives for that many milliseconds; 0 for no limit.</summary>
    protected void LimitIdleTime(long milliseconds, CloseReason reason)
    {
        lock (this)
        {
            _idleLimit = milliseconds;
            _idleReason = reason;
            _lastReceived = Broker.Clock.Now;
            ArmTimer();
        }
    }

    /// <summary>Closes the connection at that time, whatever happens on it; null for never.</summary>
    protected void LimitLifetime(DateTimeOffset? end)
    {
        if (end is { } time)
        {
            lock (this)
            {
                _endsAt = Broker.Clock.Now + Math.Max(0, (long)(time - Broker.Clock.Time.GetUtcNow()).TotalMilliseconds);
                ArmTimer();
            }
        }
    }

    /// <summary>A complete frame has arrived.</summary>
    protected void OnFrameReceived(long now) => Volatile.Write(ref _lastReceived, now);

    private void OnBlocked()
    {
        _blockedSince = Broker.Clock.Now;
        if (_state == Open && SendLimit != NoDeadline && (!_timer.IsSet || _timerDue > _blockedSince + SendLimit))
        {
            ArmTimer();
        }
    }

    // What is left is given the send timeout to leave, then the connection is cut.
    private void ScheduleAbort()
    {
        _abortWhenDue = true;
        _timer = Broker.Wheel.Schedule(this, Peer.Options.SendTimeoutSeconds * 1000L);
    }

    private void ArmTimer()
    {
        Broker.Wheel.Cancel(ref _timer);
        var due = _idleLimit == 0 ? NoDeadline : _lastReceived + _idleLimit;
        if (_blocked && SendLimit != NoDeadline)
        {
            due = Math.Min(due, _blockedSince + SendLimit);
        }

        due = Math.Min(due, _endsAt);
        if (due != NoDeadline && _state == Open)
        {
            _timerDue = due;
            _timer = Broker.Wheel.Schedule(this, Math.Max(0, due - Broker.Clock.Now));
        }
    }

    private void CancelTimer()
    {
        lock (this)
        {
            Broker.Wheel.Cancel(ref _timer);
        }
    }
}
