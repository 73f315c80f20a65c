using Broker.Configuration;
using Broker.Core.Ports;
using Broker.Core.Retained;
using Broker.Core.Sessions;
using Broker.Core.Topics;
using Broker.Observability;
using Broker.Primitives;

namespace Broker.Core.Routing;

/// <summary>Takes a publication to everyone who subscribes to its topic.</summary>
internal sealed class Router(SubscriptionTree subscriptions, RetainedStore retained, IStore store, DurabilityRules durability)
{
    private readonly RouteCache _routes = new(subscriptions, durability);

    /// <summary>Publishes, with the route that the publisher remembers from its last publish to the same topic.</summary>
    public PublishOutcome Publish(in Publication publication, DeliveryBatch batch, ref LastTopic last) =>
        Deliver(publication, last.Find(this, publication.Topic), batch);

    /// <summary>Publishes.</summary>
    public PublishOutcome Publish(in Publication publication, DeliveryBatch batch) => Deliver(publication, _routes.Find(publication.Topic), batch);

    /// <summary>The route of a topic as of now.</summary>
    public Route Find(ReadOnlySpan<byte> topic) => _routes.Find(topic);

    /// <summary>False when subscriptions have changed since the route was made.</summary>
    public bool IsCurrent(Route route) => route.Version == subscriptions.Version;

    private PublishOutcome Deliver(in Publication publication, Route route, DeliveryBatch batch)
    {
        if (!store.IsAvailable && NeedsStore(publication, route))
        {
            return PublishOutcome.QuotaExceeded;
        }

        batch.Start(publication, route.Durability, route.IsShared);
        if (publication.Retain) // [MQTT-3.3.1-8]
        {
            Retain(publication, batch);
        }

        if (route.IsEmpty)
        {
            return PublishOutcome.NoMatchingSubscribers;
        }

        foreach (ref readonly var target in route.Targets)
        {
            if (!target.NoLocal || !ReferenceEquals(target.Session, publication.Publisher))
            {
                target.Session.Deliver(publication, target, batch);
            }
            else if (target.WithoutLocal(out var rest))
            {
                rest.Session.Deliver(publication, rest, batch);
            }
        }

        foreach (var group in route.Groups)
        {
            DeliverShared(publication, group, null, batch);
        }

        return PublishOutcome.Delivered;
    }

    private void Retain(in Publication publication, DeliveryBatch batch)
    {
        var position = retained.Put(batch.Keep(publication), store.IsDurable && batch.Durability != Durability.Memory);
        if (position > 0)
        {
            batch.Recorded(publication.Qos == Qos.AtMostOnce ? 0 : position);
        }
    }

    private static bool NeedsStore(in Publication publication, Route route) =>
        publication.Qos > Qos.AtMostOnce && route.Durability != Durability.Memory && (publication.Retain || route.HasDurableReceiver());

    /// <summary>Gives messages that a member of a shared group left undelivered when its session ended to other members.</summary>
    public static void Redeliver(List<GroupMessage> messages, Session left, DeliveryBatch batch)
    {
        foreach (var (message, group) in messages)
        {
            if (message.ExpiresAt <= batch.Now)
            {
                batch.Traffic.Dropped(DropReason.Expired);
                continue;
            }

            var publication = Publication.Of(message);
            batch.Start(publication);
            DeliverShared(publication, group, left, batch);
        }
    }

    private static void DeliverShared(in Publication publication, SharedGroup group, Session? except, DeliveryBatch batch)
    {
        // A member may end between its choice and the delivery; it is not chosen twice, because an ended session is never ready.
        while (group.Next(except) is { } member)
        {
            if (member.Session.TryDeliver(publication, member, group, batch))
            {
                return;
            }
        }

        batch.Traffic.Dropped(DropReason.Offline);
    }
}
