namespace Broker.Cli.Device;

/// <summary>
/// Knows which uplinks the broker has read. The protocol acknowledges nothing, but frames are read in order:
/// a PONG says that everything sent before its PING has arrived.
/// </summary>
internal sealed class DeliveryTracker
{
    private readonly Lock _lock = new();
    private readonly Queue<(long Sent, TaskCompletionSource Answered)> _pings = new();
    private long _sent;
    private long _confirmed;

    /// <summary>Uplinks sent on this connection that no PONG has confirmed.</summary>
    public long Unconfirmed
    {
        get
        {
            lock (_lock)
            {
                return _sent - _confirmed;
            }
        }
    }

    /// <summary>An uplink is about to be sent.</summary>
    public void UplinkSent()
    {
        lock (_lock)
        {
            _sent++;
        }
    }

    /// <summary>A PING is about to be sent; the task ends with its PONG.</summary>
    public Task PingSent()
    {
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _pings.Enqueue((_sent, answered));
        }

        return answered.Task;
    }

    /// <summary>A PONG has arrived; false when no PING waits for it.</summary>
    public bool PongReceived()
    {
        lock (_lock)
        {
            if (!_pings.TryDequeue(out var ping))
            {
                return false;
            }

            _confirmed = ping.Sent;
            ping.Answered.SetResult();
            return true;
        }
    }
}
