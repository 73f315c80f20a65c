using Broker.Configuration;
using Broker.Core.Ports;
using Broker.Core.Timing;
using Broker.Primitives;

namespace Broker.Core.Retained;

/// <summary>
/// The last message published with RETAIN to each topic [MQTT-3.3.1-5], whoever published it and whatever became of its session
/// [MQTT-3.1.1: 3.1.2-7]. A tree of levels under one lock; lookups collect references only.
/// </summary>
internal sealed partial class RetainedStore(BrokerClock clock, TimerWheel wheel, IStore store, RetainedOptions options)
{
    private readonly Lock _gate = new();
    private readonly RetainedNode _root = new(null, []);
    private int _count;
    private long _bytes;

    /// <summary>Retained messages.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Bytes of their topics, properties and payloads.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Replaces the retained message of a topic [MQTT-3.3.1-5]; an empty payload removes it [MQTT-3.3.1-6] and is not stored [MQTT-3.3.1-7].</summary>
    /// <returns>What has to be on disk before it may be acknowledged; 0 when nothing has.</returns>
    public long Put(Message message, bool isDurable)
    {
        lock (_gate)
        {
            return Replace(message, isDurable) && isDurable ? store.Retained(message) : 0;
        }
    }

    /// <summary>Takes over what was stored, without recording it again.</summary>
    public void Restore(IEnumerable<Message> messages)
    {
        lock (_gate)
        {
            foreach (var message in messages)
            {
                Replace(message, isStored: true);
            }
        }
    }

    /// <summary>Adds the messages whose topics match a filter to <paramref name="found"/>; expired ones are removed instead.</summary>
    public void Match(TopicFilter filter, List<Message> found)
    {
        lock (_gate)
        {
            List<RetainedNode>? expired = null;
            Walk(_root, filter.Text, first: true, clock.Now, found, ref expired);
            foreach (var node in expired ?? [])
            {
                Expire(node);
            }
        }
    }

    private bool Replace(Message message, bool isStored)
    {
        if (message.Payload.Length > 0)
        {
            var replaced = NodeFor(message.Topic.Span, create: true)!;
            Set(replaced, message);
            replaced.IsStored = isStored;
            return true;
        }

        if (NodeFor(message.Topic.Span, create: false) is not { Message: not null } node)
        {
            return false;
        }

        Set(node, null);
        Prune(node);
        return true;
    }

    private static void Walk(RetainedNode node, ReadOnlySpan<byte> rest, bool first, long now, List<Message> found, ref List<RetainedNode>? expired)
    {
        var slash = rest.IndexOf((byte)'/');
        var level = slash < 0 ? rest : rest[..slash];
        var below = slash < 0 ? default : rest[(slash + 1)..];
        if (level is [(byte)'#'])
        {
            CollectAll(node, first, now, found, ref expired);
            return;
        }

        if (level is not [(byte)'+'])
        {
            if (Find(node, level) is { } child)
            {
                Step(child, slash < 0, below, now, found, ref expired);
            }

            return;
        }

        foreach (var child in node.Children?.Values ?? Enumerable.Empty<RetainedNode>())
        {
            if (!first || !TopicName.IsReserved(child.Level))
            {
                Step(child, slash < 0, below, now, found, ref expired);
            }
        }
    }

    private static void Step(RetainedNode child, bool last, ReadOnlySpan<byte> below, long now, List<Message> found, ref List<RetainedNode>? expired)
    {
        if (last)
        {
            Collect(child, now, found, ref expired);
        }
        else
        {
            Walk(child, below, first: false, now, found, ref expired);
        }
    }

    private static void CollectAll(RetainedNode top, bool first, long now, List<Message> found, ref List<RetainedNode>? expired)
    {
        var pending = new Stack<RetainedNode>();
        pending.Push(top);
        while (pending.TryPop(out var node))
        {
            Collect(node, now, found, ref expired);
            foreach (var child in node.Children?.Values ?? Enumerable.Empty<RetainedNode>())
            {
                if (!first || !ReferenceEquals(node, top) || !TopicName.IsReserved(child.Level))
                {
                    pending.Push(child); // [MQTT-4.7.2-1]
                }
            }
        }
    }

    private static void Collect(RetainedNode node, long now, List<Message> found, ref List<RetainedNode>? expired)
    {
        if (node.Message is not { } message)
        {
            return;
        }

        if (message.ExpiresAt <= now) // [MQTT-3.3.2-5]
        {
            (expired ??= []).Add(node);
        }
        else
        {
            found.Add(message);
        }
    }

    private static RetainedNode? Find(RetainedNode node, ReadOnlySpan<byte> level) =>
        node.Children is { } children && children.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(level, out var child) ? child : null;

    private RetainedNode? NodeFor(ReadOnlySpan<byte> topic, bool create)
    {
        var node = _root;
        foreach (var range in topic.Split((byte)'/'))
        {
            var level = topic[range];
            var child = Find(node, level);
            if (child is null)
            {
                if (!create)
                {
                    return null;
                }

                child = new RetainedNode(node, level.ToArray());
                (node.Children ??= new Dictionary<byte[], RetainedNode>(LevelComparer.Instance)).Add(child.Level, child);
            }

            node = child;
        }

        return node;
    }

    private void Set(RetainedNode node, Message? message)
    {
        _bytes += (message?.Size ?? 0) - (node.Message?.Size ?? 0);
        _count += (message is null ? 0 : 1) - (node.Message is null ? 0 : 1);
        if (_uses is not null)
        {
            Recount(node.Message, message);
        }

        node.Message = message;
        Track(node);
    }

    private static void Prune(RetainedNode node)
    {
        while (node is { Message: null, Children: null, Parent: { } parent })
        {
            parent.Children!.Remove(node.Level);
            if (parent.Children.Count == 0)
            {
                parent.Children = null;
            }

            node = parent;
        }
    }
}
