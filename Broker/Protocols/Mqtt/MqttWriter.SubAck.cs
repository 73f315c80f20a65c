using System.Buffers;

namespace Broker.Protocols.Mqtt;

internal static partial class MqttWriter
{
    /// <summary>
    /// Writes a SUBACK. Before 5.0 every failure is 0x80.
    /// <code>
    /// suback = header packet-id(2) [properties, 5.0] 1*code(1)
    /// </code>
    /// </summary>
    public static void WriteSubAck(
        IBufferWriter<byte> destination,
        MqttVersion version,
        ushort packetId,
        ReadOnlySpan<ReasonCode> codes,
        string? reasonString = null,
        IReadOnlyList<UserProperty>? userProperties = null,
        uint maximumPacketSize = uint.MaxValue)
    {
        var body = BodyWriter.Begin();
        body.UInt16(packetId); // [MQTT-2.2.1-6]
        if (version == MqttVersion.V5)
        {
            AppendDiagnostics(body, codes.Length, reasonString, userProperties, maximumPacketSize);
        }

        foreach (var code in codes)
        {
            body.Byte((byte)(version < MqttVersion.V5 && code.IsError() ? ReasonCode.UnspecifiedError : code)); // [MQTT-3.1.1: 3.9.3-2]
        }

        body.CopyTo(destination, PacketType.SubAck);
    }

    /// <summary>
    /// Writes an UNSUBACK.
    /// <code>
    /// unsuback = header packet-id(2) [properties 1*code(1), 5.0]
    /// </code>
    /// </summary>
    public static void WriteUnsubAck(
        IBufferWriter<byte> destination,
        MqttVersion version,
        ushort packetId,
        ReadOnlySpan<ReasonCode> codes,
        string? reasonString = null,
        IReadOnlyList<UserProperty>? userProperties = null,
        uint maximumPacketSize = uint.MaxValue)
    {
        var body = BodyWriter.Begin();
        body.UInt16(packetId); // [MQTT-2.2.1-6]
        if (version == MqttVersion.V5)
        {
            AppendDiagnostics(body, codes.Length, reasonString, userProperties, maximumPacketSize);
            foreach (var code in codes)
            {
                body.Byte((byte)code);
            }
        }

        body.CopyTo(destination, PacketType.UnsubAck);
    }

    private static void AppendDiagnostics(
        BodyWriter body,
        int following,
        string? reasonString,
        IReadOnlyList<UserProperty>? userProperties,
        uint maximumPacketSize)
    {
        var properties = BodyWriter.Begin();
        properties.Diagnostics(reasonString, userProperties ?? [], body.Length + following, maximumPacketSize);
        body.Section(properties);
    }
}
