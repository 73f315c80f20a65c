using Broker.Primitives;

namespace Broker.Core.Topics;

/// <summary>
/// All subscriptions by Topic Filter. Filters without wildcards are found by one lookup of the whole topic; the others hang in a tree of
/// levels. Both live in one <see cref="NodeTable"/>; matching takes no lock and costs nothing for filters that do not match.
/// </summary>
internal sealed class SubscriptionTree
{
    private readonly Lock _gate = new();
    private readonly NodeTable _nodes = new();
    private readonly TopicNode _exactRoot = new(null, default, 1);
    private readonly TopicNode _root = new(null, default, 2);
    private long _version;
    private int _count;
    private int _sharedCount;

    /// <summary>Changes with every subscription: what was resolved under an older version may be stale.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>Subscriptions of all sessions.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Those of them that are shared.</summary>
    public int SharedCount => Volatile.Read(ref _sharedCount);

    /// <summary>Adds a subscription, in place of <paramref name="old"/> where the session had one with the same filter.</summary>
    public void Add(Subscription subscription, Subscription? old)
    {
        lock (_gate)
        {
            var node = NodeFor(subscription.Filter, create: true)!;
            if (subscription.Filter.IsShared)
            {
                GroupFor(node, subscription.Filter).Put(old, subscription);
            }
            else if (old is not null)
            {
                node.Subscribers.Replace(old, subscription);
            }
            else
            {
                node.Subscribers.Add(subscription);
            }

            _count += old is null ? 1 : 0;
            _sharedCount += old is null && subscription.Filter.IsShared ? 1 : 0;
            Volatile.Write(ref _version, _version + 1);
        }
    }

    /// <summary>Removes a subscription that was added.</summary>
    public void Remove(Subscription subscription)
    {
        lock (_gate)
        {
            var node = NodeFor(subscription.Filter, create: false)!;
            if (!subscription.Filter.IsShared)
            {
                node.Subscribers.Remove(subscription);
            }
            else if (GroupFor(node, subscription.Filter) is var group && group.Remove(subscription))
            {
                var left = node.Groups!.Where(other => !ReferenceEquals(other, group)).ToArray();
                Volatile.Write(ref node.Groups, left.Length == 0 ? null : left);
            }

            Prune(node);
            _count--;
            _sharedCount -= subscription.Filter.IsShared ? 1 : 0;
            Volatile.Write(ref _version, _version + 1);
        }
    }

    /// <summary>The shared group of a filter, or null when it has no member.</summary>
    public SharedGroup? GroupOf(TopicFilter filter)
    {
        lock (_gate)
        {
            return NodeFor(filter, create: false) is { } node ? FindGroup(node, filter) : null;
        }
    }

    /// <summary>Hands every node whose filter matches the topic to the collector.</summary>
    public void Match(ReadOnlySpan<byte> topic, RouteBuilder collector)
    {
        if (_nodes.Find(_exactRoot, topic) is { } exact)
        {
            collector.Add(exact);
        }

        if (_root.Children > 0)
        {
            Walk(_root, topic, TopicName.IsReserved(topic), collector);
        }
    }

    // Depth is bounded by the levels of the topic; wildcards of the first level do not match topics that begin with $ [MQTT-4.7.2-1].
    private void Walk(TopicNode node, ReadOnlySpan<byte> rest, bool reserved, RouteBuilder collector)
    {
        while (true)
        {
            if (!reserved && Volatile.Read(ref node.MultiLevel) is { } all)
            {
                collector.Add(all);
            }

            var slash = rest.IndexOf((byte)'/');
            var level = slash < 0 ? rest : rest[..slash];
            var single = reserved ? null : Volatile.Read(ref node.SingleLevel);
            var child = _nodes.Find(node, level);
            if (slash < 0)
            {
                CollectEnd(single, collector);
                CollectEnd(child, collector);
                return;
            }

            rest = rest[(slash + 1)..];
            reserved = false;
            if (single is not null && child is not null)
            {
                Walk(single, rest, false, collector);
            }

            node = child ?? single!;
            if (node is null)
            {
                return;
            }
        }
    }

    // "sport/#" also matches "sport".
    private static void CollectEnd(TopicNode? node, RouteBuilder collector)
    {
        if (node is null)
        {
            return;
        }

        collector.Add(node);
        if (Volatile.Read(ref node.MultiLevel) is { } all)
        {
            collector.Add(all);
        }
    }

    private TopicNode? NodeFor(TopicFilter filter, bool create)
    {
        if (!filter.HasWildcards)
        {
            return Child(_exactRoot, filter.TextMemory, create);
        }

        var node = _root;
        for (var rest = filter.TextMemory; node is not null;)
        {
            var slash = rest.Span.IndexOf((byte)'/');
            node = Child(node, slash < 0 ? rest : rest[..slash], create);
            if (slash < 0)
            {
                break;
            }

            rest = rest[(slash + 1)..];
        }

        return node;
    }

    private TopicNode? Child(TopicNode parent, ReadOnlyMemory<byte> key, bool create)
    {
        var exact = ReferenceEquals(parent, _exactRoot);
        if (!exact && key.Span is [(byte)'+'])
        {
            return parent.SingleLevel ?? (create ? AddWildcard(ref parent.SingleLevel, parent, key) : null);
        }

        if (!exact && key.Span is [(byte)'#'])
        {
            return parent.MultiLevel ?? (create ? AddWildcard(ref parent.MultiLevel, parent, key) : null);
        }

        if (_nodes.Find(parent, key.Span) is { } found)
        {
            return found;
        }

        if (!create)
        {
            return null;
        }

        parent.Children++;
        return _nodes.Add(parent, key);
    }

    private static TopicNode AddWildcard(ref TopicNode? place, TopicNode parent, ReadOnlyMemory<byte> key)
    {
        parent.Children++;
        var node = new TopicNode(parent, key, 0);
        Volatile.Write(ref place, node);
        return node;
    }

    private static SharedGroup? FindGroup(TopicNode node, TopicFilter filter)
    {
        foreach (var group in node.Groups ?? [])
        {
            if (group.Filter.ShareName.SequenceEqual(filter.ShareName))
            {
                return group;
            }
        }

        return null;
    }

    private static SharedGroup GroupFor(TopicNode node, TopicFilter filter)
    {
        if (FindGroup(node, filter) is { } group)
        {
            return group;
        }

        var added = new SharedGroup(filter);
        Volatile.Write(ref node.Groups, [.. node.Groups ?? [], added]);
        return added;
    }

    private void Prune(TopicNode node)
    {
        while (node.IsEmpty && node.Parent is { } parent)
        {
            if (ReferenceEquals(parent.SingleLevel, node))
            {
                Volatile.Write(ref parent.SingleLevel, null);
            }
            else if (ReferenceEquals(parent.MultiLevel, node))
            {
                Volatile.Write(ref parent.MultiLevel, null);
            }
            else
            {
                _nodes.Remove(node);
            }

            parent.Children--;
            node = parent;
        }
    }
}
