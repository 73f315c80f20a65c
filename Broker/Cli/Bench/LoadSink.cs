namespace Broker.Cli.Bench;

/// <summary>A receiver of a range of streams. Guarded by the flow's gate.</summary>
internal sealed class LoadSink(LoadFlow flow, uint firstStream, int streamCount)
{
    private readonly SequenceTracker[] _trackers = [.. Enumerable.Range(0, streamCount).Select(static _ => new SequenceTracker())];

    /// <summary>A message has arrived.</summary>
    public void Accept(ReadOnlySpan<byte> payload, long now)
    {
        var counters = flow.Counters;
        if (!MessageStamp.TryRead(payload, out var stamp) || stamp.Run != flow.Run || stamp.Stream - firstStream >= _trackers.Length)
        {
            counters.Misrouted++;
            return;
        }

        var stream = flow.Streams[stamp.Stream];
        var tracker = _trackers[stamp.Stream - firstStream];
        var expected = tracker.Next;
        var outcome = tracker.Accept(stamp.Sequence);
        counters.LastProgress = now;
        if (outcome == SequenceOutcome.Duplicate)
        {
            counters.Duplicates++;
            return;
        }

        counters.Received++;
        flow.Latency.Add(flow.ToNanoseconds(now - stamp.SentAt));
        if (outcome == SequenceOutcome.Late)
        {
            counters.OutOfOrder++;
            return; // it has left the window as a missed one
        }

        for (var sequence = expected; sequence != stamp.Sequence + 1 && stream.Window is not null; sequence++)
        {
            stream.Window.Settle(sequence);
        }

        flow.Wake(stream.Producer!);
    }
}
