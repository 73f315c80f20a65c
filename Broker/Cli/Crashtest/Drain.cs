using Broker.Cli.Bench;
using Broker.Cli.Crashtest.Audit;
using Broker.Cli.Crashtest.Child;
using Broker.Cli.Crashtest.Sessions;

namespace Broker.Cli.Crashtest;

/// <summary>Waits for what is still to come, and calls lost what does not come.</summary>
internal sealed class Drain(CrashtestPlan plan, LoadFlow flow, AuditLog audit, Fleet fleet, Waiting waiting)
{
    /// <summary>Compares the retained messages with what has been acknowledged; nothing may be publishing.</summary>
    public async Task CheckRetainedAsync(BrokerChild child, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var probe = fleet.Probe();
        var staying = Stay(probe, child, over.Token);
        try
        {
            await UntilAsync(() => probe.IsComplete, cancellationToken);
        }
        finally
        {
            await over.CancelAsync();
            await staying;
        }

        lock (flow.Gate)
        {
            probe.Judge();
        }
    }

    /// <summary>Everyone comes back and stays until everything is delivered, or nothing has come for too long.</summary>
    public async Task RunAsync(BrokerChild child, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] clients = [.. fleet.Sessions.Select(session => Stay(session, child, over.Token))];
        try
        {
            await PublishLastAsync(cancellationToken);
            await UntilAsync(fleet.IsSettled, cancellationToken);
            CountLost();
            UnsubscribeAll();
            await UntilAsync(() => fleet.Subscribers.All(subscriber => subscriber.IsUnsubscribed), cancellationToken);
            await CheckRetainedAsync(child, cancellationToken);
            lock (flow.Gate)
            {
                audit.ExpectsLostConnections = true;
            }
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(clients);
        }
    }

    /// <summary>One more message to each topic: who has a session but no subscription any more will miss it.</summary>
    private async Task PublishLastAsync(CancellationToken cancellationToken)
    {
        for (var position = 0; position < fleet.Publishers[0].Streams.Count; position++)
        {
            await UntilAsync(
                () => fleet.Publishers.All(publisher => publisher is { IsConnected: true, IsIdle: true })
                    && fleet.Subscribers.All(subscriber => subscriber is { IsConnected: true, IsSubscribed: true }),
                cancellationToken);
            foreach (var publisher in fleet.Publishers)
            {
                SessionConnection? connection = null;
                lock (flow.Gate)
                {
                    if (publisher.HasRoom)
                    {
                        publisher.Publish(publisher.Streams[position]);
                        connection = publisher.Connection;
                    }
                }

                connection?.Flush();
            }
        }
    }

    private void CountLost()
    {
        lock (flow.Gate)
        {
            foreach (var subscriber in fleet.Subscribers)
            {
                foreach (var record in subscriber.Records)
                {
                    audit.CountLost(record, subscriber.ClientId);
                }
            }
        }
    }

    private void UnsubscribeAll()
    {
        foreach (var subscriber in fleet.Subscribers)
        {
            SessionConnection? connection;
            lock (flow.Gate)
            {
                connection = subscriber.IsConnected ? subscriber.Connection : null;
                if (connection is not null)
                {
                    subscriber.UnsubscribeAll();
                }
            }

            connection?.Flush();
        }
    }

    private Task Stay(ClientSession session, BrokerChild child, CancellationToken over) =>
        new SessionKeeper(session, waiting).StayAsync(child.Port, over);

    private Task UntilAsync(Func<bool> isOver, CancellationToken cancellationToken)
    {
        lock (flow.Gate)
        {
            flow.Counters.LastProgress = flow.Now;
        }

        return waiting.UntilAsync(
            () =>
            {
                lock (flow.Gate)
                {
                    return isOver() || flow.ToNanoseconds(flow.Now - flow.Counters.LastProgress) / 1e9 > plan.PatienceSeconds;
                }
            },
            cancellationToken);
    }
}
