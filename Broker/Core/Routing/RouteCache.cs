using Broker.Core.Topics;

namespace Broker.Core.Routing;

/// <summary>
/// Routes by topic, shared by all publishers: a direct-mapped table, so that a publisher of many topics resolves each once per version of the
/// subscriptions. Entries are replaced, never locked.
/// </summary>
internal sealed class RouteCache(SubscriptionTree tree, DurabilityRules durability)
{
    private readonly Route?[] _slots = new Route?[16_384];

    /// <summary>The route of a topic as of now.</summary>
    public Route Find(ReadOnlySpan<byte> topic)
    {
        ref var slot = ref _slots[TopicHash.Of(topic) & (_slots.Length - 1)];
        var version = tree.Version;
        if (Volatile.Read(ref slot) is { } cached && cached.Version == version && cached.Topic.SequenceEqual(topic))
        {
            return cached;
        }

        var builder = RouteBuilder.ForThread();
        tree.Match(topic, builder);
        var route = builder.Build(topic, version, durability.Of(topic));
        Volatile.Write(ref slot, route);
        return route;
    }
}
