using System.Text.Unicode;
using Broker.Primitives;

namespace Broker.Protocols.Mqtt;

/// <summary>The Will of a CONNECT: the message to publish when the connection or the session ends.</summary>
internal sealed class WillPacket
{
    /// <summary>Will Topic, UTF-8, a valid Topic Name.</summary>
    public required byte[] Topic { get; init; }

    public byte[] Payload { get; init; } = [];

    public Qos Qos { get; init; }

    public bool Retain { get; init; }

    /// <summary>Will Delay Interval in seconds.</summary>
    public uint DelayInterval { get; init; }

    /// <summary>Message Expiry Interval in seconds; null for none.</summary>
    public uint? MessageExpiryInterval { get; init; }

    /// <summary>False when the payload claims to be UTF-8 and is not.</summary>
    public bool IsPayloadFormatValid =>
        MessagePropertyScan.Run(Properties, PropertySets.Will, PacketSender.Client).PayloadFormatIndicator == 0 || Utf8.IsValid(Payload);

    /// <summary>The properties that go into the PUBLISH as they are: encoded, in the order received, without a length.</summary>
    public byte[] Properties { get; init; } = [];
}
