using System.Buffers;

namespace Broker.Protocols.Mqtt;

internal static partial class MqttWriter
{
    /// <summary>Longest packet that <see cref="WriteAck(Span{byte}, PacketType, MqttVersion, ushort, ReasonCode)"/> writes.</summary>
    public const int MaximumAckSize = 5;

    /// <summary>
    /// Writes a PUBACK, PUBREC, PUBREL or PUBCOMP in its shortest form and returns its length.
    /// <code>
    /// ack = header packet-id(2) [reason-code(1), 5.0 and not 0x00]
    /// </code>
    /// </summary>
    public static int WriteAck(Span<byte> destination, PacketType type, MqttVersion version, ushort packetId, ReasonCode reasonCode)
    {
        var withCode = version == MqttVersion.V5 && reasonCode != ReasonCode.Success;
        destination[0] = (byte)((int)type << 4 | AckFlags(type));
        destination[1] = withCode ? (byte)3 : (byte)2;
        WriteUInt16(destination[2..], packetId);
        if (!withCode)
        {
            return 4;
        }

        destination[4] = (byte)reasonCode;
        return 5;
    }

    /// <summary>
    /// Writes a PUBACK, PUBREC, PUBREL or PUBCOMP of 5.0 that says why.
    /// <code>
    /// ack = header packet-id(2) reason-code(1) properties
    /// </code>
    /// </summary>
    public static void WriteAck(
        IBufferWriter<byte> destination,
        PacketType type,
        ushort packetId,
        ReasonCode reasonCode,
        string? reasonString,
        IReadOnlyList<UserProperty>? userProperties = null,
        uint maximumPacketSize = uint.MaxValue)
    {
        var body = BodyWriter.Begin();
        body.UInt16(packetId);
        body.Byte((byte)reasonCode);
        AppendDiagnostics(body, 0, reasonString, userProperties, maximumPacketSize);
        body.CopyTo(destination, type, (byte)AckFlags(type));
    }

    // [MQTT-3.6.1-1]
    private static int AckFlags(PacketType type) => type == PacketType.PubRel ? 0b0010 : 0;
}
