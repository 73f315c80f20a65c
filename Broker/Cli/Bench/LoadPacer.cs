namespace Broker.Cli.Bench;

/// <summary>Sends on schedule, the producers in turn: what a fleet does, and the only load whose latencies mean something.</summary>
internal sealed class LoadPacer(LoadFlow flow, IReadOnlyList<LoadProducer> producers, double rate)
{
    private const long ShortestPauseNanoseconds = 100_000;
    private const int MostPerTurn = 256;

    private readonly HashSet<LoadConnection> _touched = [];
    private int _cursor;

    /// <summary>Sends until it is stopped or all messages have been sent.</summary>
    public void Run(CancellationToken stop)
    {
        using var pause = new FinePause();
        var start = flow.Now;
        long sent = 0;
        while (!stop.IsCancellationRequested)
        {
            var elapsed = flow.ToNanoseconds(flow.Now - start);
            var due = (long)(elapsed * rate / 1e9) + 1;
            if (due > sent)
            {
                sent += SendDue(Math.Min(MostPerTurn, due - sent), start + (long)(sent / rate * flow.TimestampFrequency));
            }

            if (flow.IsAllSent)
            {
                return;
            }

            pause.Wait(Math.Max(ShortestPauseNanoseconds, (long)(sent / rate * 1e9) - flow.ToNanoseconds(flow.Now - start)));
        }
    }

    private long SendDue(long count, long dueSince)
    {
        long sent = 0;
        lock (flow.Gate)
        {
            var now = flow.Now;
            flow.Counters.Behind = Math.Max(flow.Counters.Behind, now - dueSince);
            while (sent < count && TrySendNext(now))
            {
                sent++;
            }
        }

        foreach (var connection in _touched)
        {
            connection.Flush();
        }

        _touched.Clear();
        return sent;
    }

    private bool TrySendNext(long now)
    {
        for (var tries = 0; tries < producers.Count; tries++)
        {
            var producer = producers[_cursor];
            _cursor = _cursor + 1 == producers.Count ? 0 : _cursor + 1;
            if (producer.TrySend(now))
            {
                _touched.Add(producer.Connection);
                return true;
            }
        }

        return false;
    }
}
