using Broker.Configuration;
using Broker.Core.Ports;
using Broker.Core.Timing;
using Broker.Primitives;

namespace Broker.Core.Retained;

/// <summary>
/// The last message published with RETAIN to each topic [MQTT-3.3.1-5], whoever published it and whatever became of its session
/// [MQTT-3.1.1: 3.1.2-7]. A tree of levels under one lock; lookups go over it in steps.
/// </summary>
internal sealed partial class RetainedStore(BrokerClock clock, TimerWheel wheel, IStore store, RetainedOptions options)
{
    private const int StepsPerRead = 256;

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

    /// <summary>False when no message is retained that a filter without wildcards names; true for all others, which only a walk can tell.</summary>
    public bool MayMatch(TopicFilter filter)
    {
        if (Count == 0 || filter.HasWildcards)
        {
            return Count > 0;
        }

        lock (_gate)
        {
            return NodeFor(filter.Text, create: false) is { Message: not null };
        }
    }

    /// <summary>Goes on with a walk and adds the nodes with messages that it meets, a bounded part of the tree at a time.</summary>
    /// <returns>False when the walk has ended.</returns>
    public bool Read(RetainedCursor cursor, List<RetainedNode> found)
    {
        lock (_gate)
        {
            for (var steps = 0; steps < StepsPerRead && !cursor.IsDone; steps++)
            {
                if (cursor.Step(_root) is { Message: not null } node)
                {
                    found.Add(node);
                }
            }

            return !cursor.IsDone;
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

    private RetainedNode? NodeFor(ReadOnlySpan<byte> topic, bool create)
    {
        var node = _root;
        foreach (var range in topic.Split((byte)'/'))
        {
            var level = topic[range];
            var child = node.Levels?.Find(level);
            if (child is null)
            {
                if (!create)
                {
                    return null;
                }

                child = new RetainedNode(node, level.ToArray());
                (node.Levels ??= new RetainedLevels()).Add(child);
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
        while (node is { Message: null, Levels: null, Parent: { } parent })
        {
            parent.Levels!.Remove(node);
            if (parent.Levels.Count == 0)
            {
                parent.Levels = null;
            }

            node = parent;
        }
    }
}
