namespace Broker.Observability;

/// <summary>Allows so many log lines a second and counts the rest, for lines that a client can cause at will.</summary>
internal sealed class LogBudget(TimeProvider time, int linesPerSecond)
{
    private readonly Lock _gate = new();
    private long _since = time.GetTimestamp();
    private int _written;
    private int _unsaid;

    /// <summary>True when a line may be written.</summary>
    /// <param name="unsaid">Lines that were not written since the last one that was.</param>
    public bool TrySpend(out int unsaid)
    {
        lock (_gate)
        {
            if (time.GetElapsedTime(_since) >= TimeSpan.FromSeconds(1))
            {
                _since = time.GetTimestamp();
                _written = 0;
            }

            bool mayWrite = _written < linesPerSecond;
            unsaid = mayWrite ? _unsaid : 0;
            _unsaid = mayWrite ? 0 : _unsaid + 1;
            _written += mayWrite ? 1 : 0;
            return mayWrite;
        }
    }
}
