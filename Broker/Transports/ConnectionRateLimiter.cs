namespace Broker.Transports;

/// <summary>Token bucket of one listener: a second's worth of connections may come at once, the others are paced.</summary>
internal sealed class ConnectionRateLimiter
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _timeProvider;
    private readonly int _perSecond;
    private double _tokens;
    private long _filledAt;

    /// <param name="perSecond">Connections per second; 0 = no limit.</param>
    /// <param name="timeProvider">The clock.</param>
    public ConnectionRateLimiter(int perSecond, TimeProvider timeProvider)
    {
        _perSecond = perSecond;
        _timeProvider = timeProvider;
        _tokens = perSecond;
        _filledAt = timeProvider.GetTimestamp();
    }

    /// <summary>True when nobody has come for so long that all tokens are there.</summary>
    public bool IsFull
    {
        get
        {
            lock (_lock)
            {
                Refill();
                return _tokens >= _perSecond;
            }
        }
    }

    /// <summary>Takes a token; when there is none, tells after what time one will be there.</summary>
    public bool TryAcquire(out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        if (_perSecond == 0)
        {
            return true;
        }
        lock (_lock)
        {
            Refill();
            if (_tokens >= 1)
            {
                _tokens--;
                return true;
            }
            // timers are no finer than a millisecond
            retryAfter = TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((1 - _tokens) * 1000 / _perSecond)));
            return false;
        }
    }

    /// <summary>Nobody came: the token that was taken for them can serve others.</summary>
    public void GiveBack()
    {
        lock (_lock)
        {
            _tokens = Math.Min(_perSecond, _tokens + 1);
        }
    }

    private void Refill()
    {
        long now = _timeProvider.GetTimestamp();
        double elapsedSeconds = _timeProvider.GetElapsedTime(_filledAt, now).TotalSeconds;
        _tokens = Math.Min(_perSecond, _tokens + (elapsedSeconds * _perSecond));
        _filledAt = now;
    }
}
