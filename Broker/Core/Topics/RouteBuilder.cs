using System.Runtime.InteropServices;
using Broker.Configuration;
using Broker.Core.Routing;
using Broker.Core.Sessions;

namespace Broker.Core.Topics;

/// <summary>Collects the nodes that match a topic and makes a <see cref="Route"/> of them. One per thread, reused.</summary>
internal sealed class RouteBuilder
{
    [ThreadStatic]
    private static RouteBuilder? t_instance;

    private readonly List<TopicNode> _nodes = [];
    private readonly List<SharedGroup> _groups = [];
    private readonly Dictionary<Session, List<Subscription>> _bySession = [];

    /// <summary>The builder of this thread, empty.</summary>
    public static RouteBuilder ForThread()
    {
        var builder = t_instance ??= new RouteBuilder();
        builder._nodes.Clear();
        builder._groups.Clear();
        return builder;
    }

    /// <summary>A node whose filter matches.</summary>
    public void Add(TopicNode node)
    {
        if (!node.Subscribers.IsEmpty)
        {
            _nodes.Add(node);
        }

        if (Volatile.Read(ref node.Groups) is { } groups)
        {
            _groups.AddRange(groups);
        }
    }

    /// <summary>The route to all that was added.</summary>
    public Route Build(ReadOnlySpan<byte> topic, long version, Durability durability) =>
        new(topic.ToArray(), version, _nodes.Count > 1 ? MergeBySession() : Single(), [.. _groups], durability);

    // One node holds at most one subscription of a session: nothing to merge.
    private Target[] Single()
    {
        if (_nodes.Count == 0)
        {
            return [];
        }

        if (_nodes[0].Subscribers.Read(out var slots) is { } only)
        {
            return [new Target(only)];
        }

        var targets = new Target[slots.Length];
        var count = 0;
        foreach (var subscription in slots)
        {
            if (subscription is not null)
            {
                targets[count++] = new Target(subscription);
            }
        }

        return count == targets.Length ? targets : targets[..count];
    }

    private Target[] MergeBySession()
    {
        foreach (var node in _nodes)
        {
            AddToSession(node.Subscribers.Read(out var slots));
            foreach (var subscription in slots)
            {
                AddToSession(subscription);
            }
        }

        var targets = _bySession.Values.Select(Target.Merge).ToArray();
        _bySession.Clear();
        return targets;
    }

    private void AddToSession(Subscription? subscription)
    {
        if (subscription is not null)
        {
            ref var own = ref CollectionsMarshal.GetValueRefOrAddDefault(_bySession, subscription.Session, out _);
            (own ??= []).Add(subscription);
        }
    }
}
