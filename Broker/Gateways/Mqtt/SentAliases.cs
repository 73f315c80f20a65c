using Broker.Core.Topics;

namespace Broker.Gateways.Mqtt;

/// <summary>
/// Topic Aliases towards one client on one connection [MQTT-3.3.2-7]. When all are taken, the one not used for longest gets the new topic.
/// Allocates only until every alias has had a topic of the usual length.
/// </summary>
internal sealed class SentAliases
{
    private const int None = 0;

    // Index 0 is no alias [MQTT-3.3.2-8]; it heads the list that runs from the alias used last to the one used longest ago.
    private readonly Entry[] _entries;
    private readonly int[] _buckets;
    private int _used;

    /// <param name="maximum">Topic Alias Maximum; at least 1.</param>
    public SentAliases(int maximum)
    {
        _entries = new Entry[maximum + 1];
        _buckets = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)maximum)];
    }

    /// <summary>The alias that stands for a topic already, which counts as used; 0 for none.</summary>
    public ushort Find(ReadOnlySpan<byte> topic)
    {
        var hash = TopicHash.Of(topic);
        for (var index = _buckets[hash & (_buckets.Length - 1)]; index != None; index = _entries[index].NextInBucket)
        {
            ref var entry = ref _entries[index];
            if (entry.Hash == hash && entry.Topic.AsSpan(0, entry.Length).SequenceEqual(topic))
            {
                Unlink(index);
                LinkFirst(index);
                return (ushort)index;
            }
        }

        return None;
    }

    /// <summary>The alias that the next new topic gets.</summary>
    public ushort Next => (ushort)(_used < _entries.Length - 1 ? _used + 1 : _entries[None].Previous);

    /// <summary>Gives <see cref="Next"/> to a topic, once the packet that says so is on its way.</summary>
    public void Assign(ReadOnlySpan<byte> topic)
    {
        int index = Next;
        ref var entry = ref _entries[index];
        if (index > _used)
        {
            _used = index;
        }
        else
        {
            Unlink(index);
            LeaveBucket(index);
        }

        if (entry.Topic is null || entry.Topic.Length < topic.Length)
        {
            entry.Topic = new byte[Math.Max(64, topic.Length)];
        }

        topic.CopyTo(entry.Topic);
        entry.Length = topic.Length;
        entry.Hash = TopicHash.Of(topic);
        ref var bucket = ref BucketOf(entry.Hash);
        entry.NextInBucket = bucket;
        bucket = index;
        LinkFirst(index);
    }

    private ref int BucketOf(int hash) => ref _buckets[hash & (_buckets.Length - 1)];

    private void LeaveBucket(int index)
    {
        ref var place = ref BucketOf(_entries[index].Hash);
        while (place != index)
        {
            place = ref _entries[place].NextInBucket;
        }

        place = _entries[index].NextInBucket;
    }

    private void Unlink(int index)
    {
        ref var entry = ref _entries[index];
        _entries[entry.Previous].Next = entry.Next;
        _entries[entry.Next].Previous = entry.Previous;
    }

    private void LinkFirst(int index)
    {
        ref var entry = ref _entries[index];
        entry.Previous = None;
        entry.Next = _entries[None].Next;
        _entries[entry.Next].Previous = index;
        _entries[None].Next = index;
    }

    private struct Entry
    {
        public byte[]? Topic;
        public int Length;
        public int Hash;
        public int NextInBucket;
        public int Next;
        public int Previous;
    }
}
