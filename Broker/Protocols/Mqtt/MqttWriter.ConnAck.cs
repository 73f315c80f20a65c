using System.Buffers;
using Broker.Primitives;

namespace Broker.Protocols.Mqtt;

internal static partial class MqttWriter
{
    /// <summary>
    /// Writes a CONNACK.
    /// <code>
    /// connack = header flags(1: session-present(01)) code(1) [properties, 5.0]
    /// </code>
    /// MQTT 3.1 has no flags.
    /// </summary>
    public static void WriteConnAck(
        IBufferWriter<byte> destination, MqttVersion version, ConnAckPacket packet, uint maximumPacketSize = uint.MaxValue)
    {
        var body = BodyWriter.Begin();
        body.Byte(packet.SessionPresent && version != MqttVersion.V31 ? (byte)1 : (byte)0); // [MQTT-3.2.2-1]
        if (version == MqttVersion.V5)
        {
            body.Byte((byte)packet.ReasonCode);
            body.Section(Properties(packet, body.Length, maximumPacketSize));
        }
        else
        {
            body.Byte((byte)packet.ReturnCode);
        }

        body.CopyTo(destination, PacketType.ConnAck);
    }

    private static BodyWriter Properties(ConnAckPacket packet, int otherLength, uint maximumPacketSize)
    {
        var properties = BodyWriter.Begin();
        properties.Property(PropertyId.SessionExpiryInterval, packet.SessionExpiryInterval);
        properties.Property(PropertyId.ReceiveMaximum, packet.ReceiveMaximum);
        properties.Property(PropertyId.MaximumQos, packet.MaximumQos is Qos.ExactlyOnce ? null : (byte?)packet.MaximumQos);
        properties.Property(PropertyId.RetainAvailable, packet.RetainAvailable);
        properties.Property(PropertyId.MaximumPacketSize, packet.MaximumPacketSize);
        properties.Property(PropertyId.AssignedClientIdentifier, packet.AssignedClientIdentifier);
        properties.Property(PropertyId.TopicAliasMaximum, packet.TopicAliasMaximum);
        properties.Property(PropertyId.WildcardSubscriptionAvailable, packet.WildcardSubscriptionAvailable);
        properties.Property(PropertyId.SubscriptionIdentifierAvailable, packet.SubscriptionIdentifierAvailable);
        properties.Property(PropertyId.SharedSubscriptionAvailable, packet.SharedSubscriptionAvailable);
        properties.Property(PropertyId.ServerKeepAlive, packet.ServerKeepAlive);
        properties.Property(PropertyId.ResponseInformation, packet.ResponseInformation);
        properties.Property(PropertyId.ServerReference, packet.ServerReference);
        properties.Property(PropertyId.AuthenticationMethod, packet.AuthenticationMethod);
        properties.Property(PropertyId.AuthenticationData, packet.AuthenticationData);
        properties.Diagnostics(packet.ReasonString, packet.UserProperties, otherLength, maximumPacketSize);
        return properties;
    }
}
