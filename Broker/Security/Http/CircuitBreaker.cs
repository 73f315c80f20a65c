namespace Broker.Security.Http;

/// <summary>Stops asking a service that fails: after so many failures in a row, nobody waits for it for a while; then one tries.</summary>
internal sealed class CircuitBreaker(int failures, TimeSpan pause, TimeProvider time)
{
    private readonly Lock _gate = new();
    private int _failed;
    private long _opened;

    /// <summary>True when the service may be asked.</summary>
    public bool MayTry()
    {
        lock (_gate)
        {
            if (_failed < failures)
            {
                return true;
            }

            if (time.GetElapsedTime(_opened) < pause)
            {
                return false;
            }

            _opened = time.GetTimestamp(); // the others wait for what comes of this try
            return true;
        }
    }

    public void OnSuccess()
    {
        lock (_gate)
        {
            _failed = 0;
        }
    }

    /// <summary>True when this failure is the one that stops the asking.</summary>
    public bool OnFailure()
    {
        lock (_gate)
        {
            _failed = Math.Min(_failed + 1, failures);
            bool opens = _failed == failures;
            _opened = opens ? time.GetTimestamp() : _opened;
            return opens;
        }
    }
}
