namespace Broker.Gateways.PrivateTcp;

internal sealed partial class PrivateTcpConnection
{
    private long _framesReceived;
    private long _bytesReceived;
    private long _framesSent;
    private long _framesTrimmed;
    private long _bytesTrimmed;

    // force_gc: buffers go back by themselves whenever nothing waits; what a peak left in the queues goes back here.
    private void GiveBackMemory()
    {
        var options = settings.Options;
        var frames = _framesReceived + Volatile.Read(ref _framesSent);
        var bytes = _bytesReceived + SentBytes;
        var due = (options.ForceGcMessages > 0 && frames - _framesTrimmed >= options.ForceGcMessages)
            || (options.ForceGcBytes > 0 && bytes - _bytesTrimmed >= options.ForceGcBytes);
        if (!due)
        {
            return;
        }

        _framesTrimmed = frames;
        _bytesTrimmed = bytes;
        lock (this)
        {
            _undelivered.Trim();
        }

        _session?.Trim();
    }
}
