using Broker.Core.Limits;

namespace Broker.Connections;

internal abstract partial class ClientConnection
{
    private TrafficMeter? _meter;
    private ReadingPause? _pause;

    /// <summary>Measures what arrives from now on; null to measure nothing.</summary>
    protected void LimitTraffic(TrafficMeter? meter) => _meter = meter;

    /// <summary>A frame was processed: above the client's rates nothing more is received for a while. The socket's window makes the client wait.</summary>
    protected void CountReceived(int bytes, bool isMessage, long now)
    {
        if (_meter is not null)
        {
            Pace(_meter.Count(bytes, isMessage, now), now);
        }
    }

    private void Pace(long milliseconds, long now)
    {
        // One wait at a time: a debt that is not waited for now is with the next frame.
        if (milliseconds == 0 || Suspension is not null)
        {
            return;
        }

        OnFrameReceived(now + milliseconds); // its keep-alive runs only while it is heard
        var pause = new ReadingPause(Broker.Wheel, milliseconds);
        Volatile.Write(ref _pause, pause);
        Suspension = pause.Over;
        if (IsClosed)
        {
            pause.End();
        }
    }

    private void EndMeter() => _meter?.End(Broker.Clock.Now);

    private void EndPause() => Interlocked.Exchange(ref _pause, null)?.End();
}
