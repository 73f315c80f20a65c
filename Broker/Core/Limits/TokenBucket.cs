namespace Broker.Core.Limits;

/// <summary>
/// A rate with a burst. It may go into debt, because what has arrived is processed and never thrown away: who takes too much has to wait until
/// the debt is paid. Belongs to one thread at a time.
/// </summary>
internal sealed class TokenBucket
{
    // The wheel ends a pause up to a tick late, and the tick itself is a tenth of a second: a smaller burst would lower the rate.
    private const double SmallestBurstSeconds = 0.2;

    private readonly double _perMillisecond;
    private readonly double _burst;
    private double _tokens;
    private long _filledAt;

    /// <param name="perSecond">Tokens per second.</param>
    /// <param name="burst">Tokens that may be taken at once; 0 for a second's worth.</param>
    /// <param name="now">The broker's clock, in milliseconds.</param>
    public TokenBucket(double perSecond, double burst, long now)
    {
        _perMillisecond = perSecond / 1000;
        _burst = burst == 0 ? Math.Max(1, perSecond) : Math.Max(burst, perSecond * SmallestBurstSeconds);
        _tokens = _burst;
        _filledAt = now;
    }

    /// <summary>Takes tokens; returns after how many milliseconds the debt is paid, 0 when there is none.</summary>
    public long Take(long amount, long now)
    {
        Fill(now);
        _tokens -= amount;
        return _tokens >= 0 ? 0 : (long)Math.Min(Math.Ceiling(-_tokens / _perMillisecond), int.MaxValue);
    }

    /// <summary>Tokens that are there; less than 0 is a debt.</summary>
    public double Available(long now)
    {
        Fill(now);
        return _tokens;
    }

    /// <summary>Takes one token, if there is one.</summary>
    public bool TryTake(long now)
    {
        Fill(now);
        if (_tokens < 1)
        {
            return false;
        }

        _tokens--;
        return true;
    }

    private void Fill(long now)
    {
        if (now > _filledAt)
        {
            _tokens = Math.Min(_burst, _tokens + ((now - _filledAt) * _perMillisecond));
            _filledAt = now;
        }
    }
}
