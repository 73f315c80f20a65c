using System.Buffers;

namespace Broker.Protocols.Mqtt;

internal static partial class MqttWriter
{
    /// <summary>
    /// Writes a CONNECT [MQTT-3.1.3-1].
    /// <code>
    /// connect = header name(string) level(1) flags(1) keep-alive(2) [properties, 5.0]
    ///           client-id [will-properties, 5.0] [will-topic will-payload] [username] [password]
    /// </code>
    /// </summary>
    public static void WriteConnect(IBufferWriter<byte> destination, ConnectPacket packet)
    {
        var body = BodyWriter.Begin();
        body.Text(packet.ProtocolName);
        body.Byte((byte)packet.Version);
        body.Byte(ConnectFlags.Of(packet).Value);
        body.UInt16(packet.KeepAlive);
        if (packet.Version == MqttVersion.V5)
        {
            body.Section(Properties(packet));
        }

        body.Text(packet.ClientId);
        if (packet.Will is { } will)
        {
            AppendWill(body, will, packet.Version);
        }

        if (packet.Username is { } username)
        {
            body.Text(username);
        }

        if (packet.Password is { } password)
        {
            body.Binary(password);
        }

        body.CopyTo(destination, PacketType.Connect);
    }

    private static BodyWriter Properties(ConnectPacket packet)
    {
        var properties = BodyWriter.Begin();
        properties.Property(PropertyId.SessionExpiryInterval, packet.SessionExpiryInterval == 0 ? null : packet.SessionExpiryInterval);
        properties.Property(PropertyId.ReceiveMaximum, packet.ReceiveMaximum == ushort.MaxValue ? null : packet.ReceiveMaximum);
        properties.Property(PropertyId.MaximumPacketSize, packet.MaximumPacketSize);
        properties.Property(PropertyId.TopicAliasMaximum, packet.TopicAliasMaximum == 0 ? null : packet.TopicAliasMaximum);
        properties.Property(PropertyId.RequestResponseInformation, packet.RequestResponseInformation ? true : null);
        properties.Property(PropertyId.RequestProblemInformation, packet.RequestProblemInformation ? null : false);
        properties.Property(PropertyId.AuthenticationMethod, packet.AuthenticationMethod);
        properties.Property(PropertyId.AuthenticationData, packet.AuthenticationData);
        properties.Properties(packet.UserProperties);
        return properties;
    }

    private static void AppendWill(BodyWriter body, WillPacket will, MqttVersion version)
    {
        if (version == MqttVersion.V5)
        {
            var properties = BodyWriter.Begin();
            properties.Property(PropertyId.WillDelayInterval, will.DelayInterval == 0 ? null : will.DelayInterval);
            properties.Property(PropertyId.MessageExpiryInterval, will.MessageExpiryInterval);
            properties.Raw(will.Properties);
            body.Section(properties);
        }

        body.Binary(will.Topic);
        body.Binary(will.Payload);
    }
}
