using Broker.Cli.Bench;
using Broker.Cli.Crashtest.Sessions;

namespace Broker.Cli.Crashtest;

/// <summary>Lets the publishers publish at a rate; what the broker has no room for is left out, not caught up with.</summary>
internal sealed class PublishingPace(LoadFlow flow, IReadOnlyList<PublishingSession> publishers, double rate, Random random, TimeProvider time)
{
    private const int RetainedOneIn = 10;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(2);

    private int _cursor;

    /// <summary>Publishes until the phase is over.</summary>
    public async Task RunAsync(CancellationToken over)
    {
        using var timer = new PeriodicTimer(Interval, time);
        var last = time.GetTimestamp();
        double due = 0;
        try
        {
            while (await timer.WaitForNextTickAsync(over))
            {
                var now = time.GetTimestamp();
                due += time.GetElapsedTime(last, now).TotalSeconds * rate;
                last = now;
                due -= Publish((int)due);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private int Publish(int due)
    {
        SessionConnection?[] touched;
        lock (flow.Gate)
        {
            for (var sent = 0; sent < due && TryPublish(); sent++)
            {
            }

            touched = [.. publishers.Select(publisher => publisher.IsConnected ? publisher.Connection : null)];
        }

        foreach (var connection in touched)
        {
            connection?.Flush();
        }

        return due;
    }

    private bool TryPublish()
    {
        for (var tries = 0; tries < publishers.Count; tries++)
        {
            var publisher = publishers[_cursor];
            _cursor = (_cursor + 1) % publishers.Count;
            if (publisher.HasRoom)
            {
                var retain = random.Next(RetainedOneIn) == 0;
                var candidates = publisher.Streams.Where(stream => stream.Retain == retain);
                publisher.Publish(candidates.ElementAt(random.Next(candidates.Count())));
                return true;
            }
        }

        return false;
    }
}
