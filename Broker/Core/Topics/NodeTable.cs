using System.Runtime.CompilerServices;

namespace Broker.Core.Topics;

/// <summary>
/// All nodes of a tree in one hash table, keyed by parent and level: open addressing, read without a lock while one writer changes it.
/// A reader sees either the old or the new content of a slot; growth publishes a new array.
/// </summary>
internal sealed class NodeTable
{
    private static readonly TopicNode Removed = new(null, default, 0);

    private TopicNode?[] _slots = new TopicNode?[64];
    private int _occupied;

    /// <summary>Nodes in the table.</summary>
    public int Count { get; private set; }

    /// <summary>Finds a node.</summary>
    public TopicNode? Find(TopicNode parent, ReadOnlySpan<byte> key)
    {
        var slots = Volatile.Read(ref _slots);
        var hash = HashOf(parent, key);
        for (var index = hash & (slots.Length - 1); ; index = (index + 1) & (slots.Length - 1))
        {
            var node = Volatile.Read(ref slots[index]);
            if (node is null)
            {
                return null;
            }

            if (node.Hash == hash && ReferenceEquals(node.Parent, parent) && node.Key.Span.SequenceEqual(key))
            {
                return node;
            }
        }
    }

    /// <summary>Adds a node that is not in the table. Writers only.</summary>
    public TopicNode Add(TopicNode parent, ReadOnlyMemory<byte> key)
    {
        if ((_occupied + 1) * 4 > _slots.Length * 3)
        {
            Rebuild();
        }

        var node = new TopicNode(parent, key, HashOf(parent, key.Span));
        if (Place(_slots, node))
        {
            _occupied++;
        }

        Count++;
        return node;
    }

    /// <summary>Removes a node. Writers only.</summary>
    public void Remove(TopicNode node)
    {
        var index = node.Hash & (_slots.Length - 1);
        while (!ReferenceEquals(_slots[index], node))
        {
            index = (index + 1) & (_slots.Length - 1);
        }

        Volatile.Write(ref _slots[index], Removed);
        Count--;
    }

    // The parent's identity is part of the key, so equal levels under different parents do not collide.
    private static int HashOf(TopicNode parent, ReadOnlySpan<byte> key) => TopicHash.Of(key, (uint)RuntimeHelpers.GetHashCode(parent));

    // True when a slot was used that no node had before.
    private static bool Place(TopicNode?[] slots, TopicNode node)
    {
        var index = node.Hash & (slots.Length - 1);
        while (slots[index] is { } other && !ReferenceEquals(other, Removed))
        {
            index = (index + 1) & (slots.Length - 1);
        }

        var fresh = slots[index] is null;
        Volatile.Write(ref slots[index], node);
        return fresh;
    }

    private void Rebuild()
    {
        var length = _slots.Length;
        while ((Count + 1) * 2 > length)
        {
            length *= 2;
        }

        while (length > 64 && (Count + 1) * 8 < length)
        {
            length /= 2;
        }

        var slots = new TopicNode?[length];
        foreach (var node in _slots)
        {
            if (node is not null && !ReferenceEquals(node, Removed))
            {
                Place(slots, node);
            }
        }

        _occupied = Count;
        Volatile.Write(ref _slots, slots);
    }
}
