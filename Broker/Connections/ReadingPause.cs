using Broker.Core.Timing;

namespace Broker.Connections;

/// <summary>For how long a connection is not read: ends by the timer wheel, or earlier with the connection.</summary>
internal sealed class ReadingPause : ITimed
{
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimerWheel _wheel;
    private TimerHandle _timer;

    public ReadingPause(TimerWheel wheel, long milliseconds)
    {
        _wheel = wheel;
        _timer = wheel.Schedule(this, milliseconds);
    }

    /// <summary>Completes when the connection may be read again.</summary>
    public Task Over => _over.Task;

    /// <summary>Ends the pause now.</summary>
    public void End()
    {
        _wheel.Cancel(ref _timer);
        _over.TrySetResult();
    }

    void ITimed.OnTimer() => _over.TrySetResult();
}
