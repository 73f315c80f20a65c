using System.Buffers;

namespace Broker.Protocols.Mqtt;

internal static partial class MqttWriter
{
    /// <summary>
    /// Writes a DISCONNECT in its shortest form.
    /// <code>
    /// disconnect = header [reason-code(1) [properties], 5.0]
    /// </code>
    /// </summary>
    public static void WriteDisconnect(
        IBufferWriter<byte> destination, MqttVersion version, DisconnectPacket packet, uint maximumPacketSize = uint.MaxValue)
    {
        var body = BodyWriter.Begin();
        if (version == MqttVersion.V5)
        {
            var properties = BodyWriter.Begin();
            properties.Property(PropertyId.SessionExpiryInterval, packet.SessionExpiryInterval);
            properties.Property(PropertyId.ServerReference, packet.ServerReference);
            properties.Diagnostics(packet.ReasonString, packet.UserProperties, 1, maximumPacketSize);
            if (properties.Length > 0 || packet.ReasonCode != ReasonCode.NormalDisconnection)
            {
                body.Byte((byte)packet.ReasonCode);
            }

            if (properties.Length > 0)
            {
                body.Section(properties);
            }
        }

        body.CopyTo(destination, PacketType.Disconnect);
    }
}
