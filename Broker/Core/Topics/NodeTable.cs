using System.Runtime.CompilerServices;

namespace Broker.Core.Topics;

/// <summary>
/// All nodes of a tree in a hash table, keyed by parent and level: open addressing, read without a lock while one writer changes it. A reader
/// sees either the old or the new content of a slot; growth publishes a new array. The table is in parts that grow by themselves, so that no
/// growth takes long, however many nodes there are.
/// </summary>
internal sealed class NodeTable
{
    private const int PartBits = 8;
    private const int SmallestPart = 8;

    private static readonly TopicNode Removed = new(null, default, 0);

    private readonly Part[] _parts = new Part[1 << PartBits];

    public NodeTable()
    {
        foreach (ref var part in _parts.AsSpan())
        {
            part.Slots = new TopicNode?[SmallestPart];
        }
    }

    /// <summary>Nodes in the table.</summary>
    public int Count { get; private set; }

    /// <summary>Finds a node.</summary>
    public TopicNode? Find(TopicNode parent, ReadOnlySpan<byte> key)
    {
        var hash = HashOf(parent, key);
        var slots = Volatile.Read(ref PartOf(hash).Slots);
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
        var node = new TopicNode(parent, key, HashOf(parent, key.Span));
        ref var part = ref PartOf(node.Hash);
        if ((part.Occupied + 1) * 4 > part.Slots.Length * 3)
        {
            Rebuild(ref part);
        }

        if (Place(part.Slots, node))
        {
            part.Occupied++;
        }

        part.Count++;
        Count++;
        return node;
    }

    /// <summary>Removes a node. Writers only.</summary>
    public void Remove(TopicNode node)
    {
        ref var part = ref PartOf(node.Hash);
        var slots = part.Slots;
        var index = node.Hash & (slots.Length - 1);
        while (!ReferenceEquals(slots[index], node))
        {
            index = (index + 1) & (slots.Length - 1);
        }

        Volatile.Write(ref slots[index], Removed);
        part.Count--;
        Count--;
    }

    // The parent's identity is part of the key, so equal levels under different parents do not collide.
    private static int HashOf(TopicNode parent, ReadOnlySpan<byte> key) => TopicHash.Of(key, (uint)RuntimeHelpers.GetHashCode(parent));

    // By bits that the place in a part does not depend on.
    private ref Part PartOf(int hash) => ref _parts[(uint)hash >> (32 - PartBits)];

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

    private static void Rebuild(ref Part part)
    {
        var length = part.Slots.Length;
        while ((part.Count + 1) * 2 > length)
        {
            length *= 2;
        }

        while (length > SmallestPart && (part.Count + 1) * 8 < length)
        {
            length /= 2;
        }

        var slots = new TopicNode?[length];
        foreach (var node in part.Slots)
        {
            if (node is not null && !ReferenceEquals(node, Removed))
            {
                Place(slots, node);
            }
        }

        part.Occupied = part.Count;
        Volatile.Write(ref part.Slots, slots);
    }

    private struct Part
    {
        public TopicNode?[] Slots;
        public int Count;
        public int Occupied;
    }
}
