namespace Broker.Core.Timing;

/// <summary>The broker's monotonic clock, in milliseconds since it was made. All deadlines are compared with it.</summary>
internal sealed class BrokerClock(TimeProvider time)
{
    private readonly long _origin = time.GetTimestamp();

    /// <summary>Where timers and wall-clock times come from.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>Milliseconds since the clock was made.</summary>
    public long Now => (long)Time.GetElapsedTime(_origin).TotalMilliseconds;
}
