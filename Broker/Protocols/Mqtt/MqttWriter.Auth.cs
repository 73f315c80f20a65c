using System.Buffers;

namespace Broker.Protocols.Mqtt;

internal static partial class MqttWriter
{
    /// <summary>
    /// Writes an AUTH; without an Authentication Method it is the shortest form, which says Success.
    /// <code>
    /// auth = header [reason-code(1) properties]
    /// </code>
    /// </summary>
    public static void WriteAuth(IBufferWriter<byte> destination, AuthPacket packet, uint maximumPacketSize = uint.MaxValue)
    {
        var body = BodyWriter.Begin();
        if (packet.AuthenticationMethod is not null)
        {
            body.Byte((byte)packet.ReasonCode);
            var properties = BodyWriter.Begin();
            properties.Property(PropertyId.AuthenticationMethod, packet.AuthenticationMethod);
            properties.Property(PropertyId.AuthenticationData, packet.AuthenticationData);
            properties.Diagnostics(packet.ReasonString, packet.UserProperties, body.Length, maximumPacketSize);
            body.Section(properties);
        }

        body.CopyTo(destination, PacketType.Auth);
    }
}
