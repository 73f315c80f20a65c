using Broker.Primitives;
using Broker.Protocols.Mqtt;

namespace Broker.Gateways.Mqtt;

/// <summary>
/// How far a SUBSCRIBE or UNSUBSCRIBE has got that takes more than one turn. Its bytes stay where they were received; it is not validated again.
/// </summary>
internal sealed class LongPacket(ushort packetId, uint identifier, ReasonCode[] codes)
{
    /// <summary>Packet Identifier.</summary>
    public ushort PacketId => packetId;

    /// <summary>Subscription Identifier; 0 for none.</summary>
    public uint Identifier => identifier;

    /// <summary>The answers, of which the first <see cref="Done"/> are decided.</summary>
    public ReasonCode[] Codes => codes;

    /// <summary>Filters that are done with.</summary>
    public int Done { get; set; }

    /// <summary>Bytes of the filters that are not.</summary>
    public int Left { get; set; }

    /// <summary>Filters whose retained messages are asked for.</summary>
    public List<TopicFilter>? Retained { get; set; }
}
