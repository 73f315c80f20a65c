namespace Broker.Core.Sessions;

/// <summary>
/// Outgoing deliveries by Packet Identifier, O(1): the low bits of the identifier are the index. Identifiers are given out in turn and skip
/// those whose place is taken [MQTT-2.2.1-4]; the table is never more than half full, so the next free one is near.
/// </summary>
internal sealed class InflightTable
{
    private InflightEntry[] _slots = new InflightEntry[8];
    private ushort _lastId;
    private long _sequence;

    /// <summary>Deliveries in the table.</summary>
    public int Count { get; private set; }

    /// <summary>Takes the next Packet Identifier; the caller fills the entry [MQTT-4.3.2-1] [MQTT-4.3.3-1].</summary>
    public ref InflightEntry Add()
    {
        if ((Count + 1) * 2 > _slots.Length && _slots.Length < 131_072)
        {
            Grow();
        }

        do
        {
            _lastId++;
        }
        while (_lastId == 0 || _slots[_lastId & (_slots.Length - 1)].State != InflightState.Free);

        Count++;
        ref var entry = ref _slots[_lastId & (_slots.Length - 1)];
        entry.PacketId = _lastId;
        entry.Sequence = ++_sequence;
        entry.State = InflightState.Published;
        return ref entry;
    }

    /// <summary>
    /// Takes a Packet Identifier that the message's sequence gives; the caller fills the entry. A null reference when a delivery 65,535 messages
    /// ago still has it.
    /// </summary>
    public ref InflightEntry Add(ushort packetId, long sequence)
    {
        while (_slots[packetId & (_slots.Length - 1)].State != InflightState.Free)
        {
            if (_slots[packetId & (_slots.Length - 1)].PacketId == packetId)
            {
                return ref System.Runtime.CompilerServices.Unsafe.NullRef<InflightEntry>();
            }

            Grow();
        }

        Count++;
        ref var entry = ref _slots[packetId & (_slots.Length - 1)];
        entry.PacketId = packetId;
        entry.Sequence = sequence;
        entry.State = InflightState.Published;
        return ref entry;
    }

    /// <summary>The entry of a Packet Identifier, or a null reference when it is not in use: acknowledgements may come in any
    /// order [MQTT-4.6.0-2] [MQTT-4.6.0-3] [MQTT-4.6.0-4].</summary>
    public ref InflightEntry Find(ushort packetId)
    {
        ref var entry = ref _slots[packetId & (_slots.Length - 1)];
        if (entry.State != InflightState.Free && entry.PacketId == packetId)
        {
            return ref entry;
        }

        return ref System.Runtime.CompilerServices.Unsafe.NullRef<InflightEntry>();
    }

    /// <summary>Frees an entry.</summary>
    public void Remove(ref InflightEntry entry)
    {
        entry = default;
        Count--;
    }

    /// <summary>Packet Identifiers in the order in which the deliveries began [MQTT-4.4.0-1] [MQTT-3.1.1: 4.6.0-1].</summary>
    public ushort[] InOrder() =>
        [.. _slots.Where(static entry => entry.State != InflightState.Free).OrderBy(static entry => entry.Sequence).Select(static entry => entry.PacketId)];

    private void Grow()
    {
        var larger = new InflightEntry[_slots.Length * 2];
        foreach (ref var entry in _slots.AsSpan())
        {
            if (entry.State != InflightState.Free)
            {
                larger[entry.PacketId & (larger.Length - 1)] = entry;
            }
        }

        _slots = larger;
    }
}
