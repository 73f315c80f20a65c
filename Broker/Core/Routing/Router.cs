using Broker.Core.Retained;
using Broker.Core.Topics;

namespace Broker.Core.Routing;

/// <summary>Takes a publication to everyone who subscribes to its topic.</summary>
internal sealed class Router(SubscriptionTree subscriptions, RetainedStore retained)
{
    private readonly RouteCache _routes = new(subscriptions);

    /// <summary>Publishes, with the route that the publisher remembers from its last publish to the same topic.</summary>
    public PublishOutcome Publish(in Publication publication, DeliveryBatch batch, ref Route? remembered)
    {
        if (remembered is null || remembered.Version != subscriptions.Version || !remembered.Topic.SequenceEqual(publication.Topic))
        {
            remembered = _routes.Find(publication.Topic);
        }

        return Deliver(publication, remembered, batch);
    }

    /// <summary>Publishes.</summary>
    public PublishOutcome Publish(in Publication publication, DeliveryBatch batch) => Deliver(publication, _routes.Find(publication.Topic), batch);

    private PublishOutcome Deliver(in Publication publication, Route route, DeliveryBatch batch)
    {
        batch.Start(publication);
        if (publication.Retain)
        {
            retained.Put(batch.Keep(publication));
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
            if (group.Next() is { } member)
            {
                member.Session.Deliver(publication, new Target(member), batch);
            }
        }

        return PublishOutcome.Delivered;
    }
}
