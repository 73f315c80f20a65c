using System.Text.Unicode;
using Broker.Primitives;

namespace Broker.Protocols.Mqtt;

/// <summary>
/// PUBLISH, as slices of the buffer it was received in.
/// <code>
/// flags   = DUP(8) QoS(6) RETAIN(1)
/// publish = topic(string) [packet-id(2), QoS > 0] [properties, 5.0] payload(rest)
/// </code>
/// </summary>
internal readonly ref partial struct PublishPacket
{
    public bool Dup { get; init; }

    public Qos Qos { get; init; }

    public bool Retain { get; init; }

    /// <summary>Topic Name; empty when <see cref="TopicAlias"/> stands for it.</summary>
    public ReadOnlySpan<byte> Topic { get; init; }

    /// <summary>Packet Identifier; 0 at QoS 0.</summary>
    public ushort PacketId { get; init; }

    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>The property section as received, without its length; empty before 5.0.</summary>
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>Topic Alias; 0 for none.</summary>
    public ushort TopicAlias { get; init; }

    public uint? MessageExpiryInterval { get; init; }

    /// <summary>1 when the payload claims to be UTF-8.</summary>
    public byte PayloadFormatIndicator { get; init; }

    /// <summary>True when <see cref="Properties"/> can be forwarded to subscribers as they are.</summary>
    public bool PropertiesForwardable { get; init; }

    /// <summary>False when the payload claims to be UTF-8 and is not: a receiver may answer 0x99.</summary>
    public bool IsPayloadFormatValid => PayloadFormatIndicator == 0 || Utf8.IsValid(Payload);

    /// <summary>
    /// Copies Payload Format Indicator, Content Type, Response Topic, Correlation Data and User Properties in the order received
    /// [MQTT-3.3.2-18]; the destination needs at most the length of <see cref="Properties"/>. Returns the length copied.
    /// </summary>
    public int CopyForwardableProperties(Span<byte> destination)
    {
        if (!PropertiesForwardable)
        {
            return MessagePropertyScan.CopyForwardable(Properties, destination);
        }

        Properties.CopyTo(destination);
        return Properties.Length;
    }
}
