namespace Broker.Transports.Epoll;

/// <summary>
/// A busy loop's rest after each pass, so that more arrives before it looks again and one wake-up serves several messages. Costs latency, so
/// it is off unless configured, and an idle loop never rests.
/// </summary>
internal sealed unsafe class LoopLinger(int microseconds, TimeProvider time)
{
    private const int WindowEvents = 256;
    private const int BusyEventsPerSecond = 5000;

    private long _windowBegan;
    private int _events;
    private bool _isBusy;

    /// <summary>A pass over so many ready descriptors has ended.</summary>
    public void AfterPass(int events)
    {
        if (microseconds == 0)
        {
            return;
        }

        _events += events;
        if (_events >= WindowEvents)
        {
            var now = time.GetTimestamp();
            _isBusy = _events > BusyEventsPerSecond * time.GetElapsedTime(_windowBegan, now).TotalSeconds;
            _windowBegan = now;
            _events = 0;
        }

        if (_isBusy)
        {
            var length = stackalloc long[] { 0, microseconds * 1000L };
            _ = LibC.Sleep(LibC.MonotonicClock, 0, length, null);
        }
    }
}
