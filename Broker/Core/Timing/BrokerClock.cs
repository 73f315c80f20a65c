namespace Broker.Core.Timing;

/// <summary>The broker's monotonic clock, in milliseconds since it was made. All deadlines are compared with it.</summary>
internal sealed class BrokerClock(TimeProvider time)
{
    private readonly long _origin = time.GetTimestamp();

    /// <summary>Where timers and wall-clock times come from.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>Milliseconds since the clock was made.</summary>
    public long Now => (long)Time.GetElapsedTime(_origin).TotalMilliseconds;

    /// <summary>A time of this clock as milliseconds since 1970 (UTC); <see cref="long.MaxValue"/>, which is never, stays.</summary>
    public long ToUnixMilliseconds(long time) =>
        time == long.MaxValue ? time : Time.GetUtcNow().ToUnixTimeMilliseconds() + (time - Now);

    /// <summary>Milliseconds since 1970 (UTC) as a time of this clock, negative for what was before it; <see cref="long.MaxValue"/> stays.</summary>
    public long FromUnixMilliseconds(long time) =>
        time == long.MaxValue ? time : time - Time.GetUtcNow().ToUnixTimeMilliseconds() + Now;
}
