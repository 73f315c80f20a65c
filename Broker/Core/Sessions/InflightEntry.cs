using Broker.Primitives;

namespace Broker.Core.Sessions;

/// <summary>One outgoing QoS 1 or 2 delivery that is not complete.</summary>
internal struct InflightEntry
{
    /// <summary>The message; null once it is released and no longer needed.</summary>
    public Message? Message;

    /// <summary>How it is delivered.</summary>
    public StoredTerms Terms;

    /// <summary>Order in which deliveries began [MQTT-4.6.0-1].</summary>
    public long Sequence;

    /// <summary>True when the store has the message.</summary>
    public bool IsStored;

    /// <summary>Packet Identifier.</summary>
    public ushort PacketId;

    /// <summary>What it waits for.</summary>
    public InflightState State;
}
