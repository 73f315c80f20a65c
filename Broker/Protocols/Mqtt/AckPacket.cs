namespace Broker.Protocols.Mqtt;

/// <summary>
/// PUBACK, PUBREC, PUBREL or PUBCOMP.
/// <code>
/// ack = packet-id(2) [reason-code(1) [properties], 5.0]
/// </code>
/// </summary>
internal readonly struct AckPacket(ushort packetId, ReasonCode reasonCode)
{
    public ushort PacketId { get; } = packetId;

    public ReasonCode ReasonCode { get; } = reasonCode;

    /// <summary>Reads and validates an acknowledgement; Reason String and User Properties are validated and skipped.</summary>
    /// <exception cref="MqttProtocolException">The packet is malformed or breaks a rule.</exception>
    public static AckPacket Read(in MqttFrame frame, MqttVersion version)
    {
        frame.CheckFlags(version);
        var reader = new MqttReader(frame.Body);
        var packetId = reader.ReadPacketId();
        if (version < MqttVersion.V5 || reader.AtEnd)
        {
            reader.RequireEnd();
            return new AckPacket(packetId, ReasonCode.Success);
        }

        var code = (ReasonCode)reader.ReadByte();
        code.RequireAllowedIn(frame.Type);
        if (!reader.AtEnd)
        {
            reader.SkipAcknowledgementProperties();
            reader.RequireEnd();
        }

        return new AckPacket(packetId, code);
    }
}
