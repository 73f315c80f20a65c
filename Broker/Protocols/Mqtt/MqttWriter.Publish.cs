using System.Buffers.Binary;
using Broker.Primitives;

namespace Broker.Protocols.Mqtt;

internal static partial class MqttWriter
{
    private const int ExpirySize = 1 + sizeof(uint);
    private const int TopicAliasSize = 1 + sizeof(ushort);

    /// <summary>Length of the whole PUBLISH that <see cref="WritePublish"/> writes.</summary>
    public static int PublishSize(
        MqttVersion version,
        int topicLength,
        int propertiesLength,
        int payloadLength,
        Qos qos,
        bool hasExpiry = false,
        bool hasTopicAlias = false,
        ReadOnlySpan<uint> subscriptionIdentifiers = default)
    {
        var body = sizeof(ushort) + topicLength + (qos == Qos.AtMostOnce ? 0 : sizeof(ushort)) + payloadLength;
        if (version == MqttVersion.V5)
        {
            var properties = PublishPropertiesSize(propertiesLength, hasExpiry, hasTopicAlias, subscriptionIdentifiers);
            body += VariableByteInteger.Size((uint)properties) + properties;
        }

        return PacketSize(body);
    }

    /// <summary>
    /// Writes a whole PUBLISH into a span of <see cref="PublishSize"/> bytes.
    /// <code>
    /// publish    = header topic(string) [packet-id(2), QoS > 0] [properties-length properties, 5.0] payload
    /// properties = [expiry] [topic-alias] *subscription-identifier forwardable
    /// </code>
    /// The packet id offset is where to patch a copy of the encoding; -1 at QoS 0, which has no Packet Identifier [MQTT-2.2.1-2].
    /// </summary>
    public static void WritePublish(
        Span<byte> destination,
        MqttVersion version,
        ReadOnlySpan<byte> topic,
        ReadOnlySpan<byte> payload,
        ReadOnlySpan<byte> forwardableProperties,
        Qos qos,
        bool retain,
        bool dup,
        ushort packetId,
        uint? remainingExpiry,
        ushort topicAlias,
        ReadOnlySpan<uint> subscriptionIdentifiers,
        out int packetIdOffset)
    {
        var at = WritePublishHeader(
            destination, version, topic, payload.Length, forwardableProperties, qos, retain, dup, packetId, remainingExpiry, topicAlias,
            subscriptionIdentifiers, out packetIdOffset);
        payload.CopyTo(destination[at..]);
    }

    /// <summary>Writes everything before the payload and returns its length, for a payload that is sent from where it is.</summary>
    public static int WritePublishHeader(
        Span<byte> destination,
        MqttVersion version,
        ReadOnlySpan<byte> topic,
        int payloadLength,
        ReadOnlySpan<byte> forwardableProperties,
        Qos qos,
        bool retain,
        bool dup,
        ushort packetId,
        uint? remainingExpiry,
        ushort topicAlias,
        ReadOnlySpan<uint> subscriptionIdentifiers,
        out int packetIdOffset)
    {
        var v5 = version == MqttVersion.V5;
        var properties = v5
            ? PublishPropertiesSize(forwardableProperties.Length, remainingExpiry.HasValue, topicAlias != 0, subscriptionIdentifiers)
            : 0;
        var body = sizeof(ushort) + topic.Length + (qos == Qos.AtMostOnce ? 0 : sizeof(ushort)) + payloadLength
            + (v5 ? VariableByteInteger.Size((uint)properties) + properties : 0);
        var flags = (dup && qos != Qos.AtMostOnce ? 0b1000 : 0) | (int)qos << 1 | (retain ? 1 : 0); // [MQTT-3.3.1-2] [MQTT-4.3.1-1]
        var at = WriteFixedHeader(destination, PacketType.Publish, flags, body);
        at += WriteUInt16(destination[at..], topic.Length);
        topic.CopyTo(destination[at..]);
        at += topic.Length;
        packetIdOffset = -1;
        if (qos != Qos.AtMostOnce)
        {
            packetIdOffset = at;
            at += WriteUInt16(destination[at..], packetId);
        }

        if (v5)
        {
            at += VariableByteInteger.Write(destination[at..], (uint)properties); // [MQTT-2.2.2-1]
            at += WritePublishProperties(
                destination[at..], forwardableProperties, remainingExpiry, topicAlias, subscriptionIdentifiers);
        }

        return at;
    }

    private static int PublishPropertiesSize(
        int forwardable, bool hasExpiry, bool hasTopicAlias, ReadOnlySpan<uint> subscriptionIdentifiers)
    {
        var size = forwardable + (hasExpiry ? ExpirySize : 0) + (hasTopicAlias ? TopicAliasSize : 0);
        foreach (var identifier in subscriptionIdentifiers)
        {
            size += 1 + VariableByteInteger.Size(identifier);
        }

        return size;
    }

    private static int WritePublishProperties(
        Span<byte> destination,
        ReadOnlySpan<byte> forwardable,
        uint? remainingExpiry,
        ushort topicAlias,
        ReadOnlySpan<uint> subscriptionIdentifiers)
    {
        var at = 0;
        if (remainingExpiry is { } expiry)
        {
            destination[at] = (byte)PropertyId.MessageExpiryInterval;
            BinaryPrimitives.WriteUInt32BigEndian(destination[(at + 1)..], expiry);
            at += ExpirySize;
        }

        if (topicAlias != 0)
        {
            destination[at] = (byte)PropertyId.TopicAlias;
            at += 1 + WriteUInt16(destination[(at + 1)..], topicAlias);
        }

        foreach (var identifier in subscriptionIdentifiers)
        {
            destination[at] = (byte)PropertyId.SubscriptionIdentifier;
            at += 1 + VariableByteInteger.Write(destination[(at + 1)..], identifier);
        }

        forwardable.CopyTo(destination[at..]);
        return at + forwardable.Length;
    }
}
