namespace Broker.Protocols.Mqtt;

/// <summary>
/// SUBACK, or UNSUBACK (which before 5.0 has no codes).
/// <code>
/// suback = packet-id(2) [properties, 5.0] 1*code(1)
/// </code>
/// </summary>
internal sealed class SubAckPacket
{
    public ushort PacketId { get; set; }

    /// <summary>One per filter of the request, in its order.</summary>
    public IReadOnlyList<ReasonCode> ReasonCodes { get; set; } = [];

    public string? ReasonString { get; set; }

    public IReadOnlyList<UserProperty> UserProperties { get; set; } = [];

    /// <summary>Reads and validates a SUBACK or UNSUBACK.</summary>
    /// <exception cref="MqttProtocolException">The packet is malformed or breaks a rule.</exception>
    public static SubAckPacket Read(in MqttFrame frame, MqttVersion version)
    {
        frame.CheckFlags(version);
        var reader = new MqttReader(frame.Body);
        var packet = new SubAckPacket { PacketId = reader.ReadPacketId() };
        if (version == MqttVersion.V5)
        {
            packet.ReadProperties(ref reader);
        }
        else if (frame.Type == PacketType.UnsubAck)
        {
            reader.RequireEnd();
            return packet;
        }

        var codes = new List<ReasonCode>();
        while (!reader.AtEnd)
        {
            var code = (ReasonCode)reader.ReadByte();
            RequireAllowed(code, frame.Type, version);
            codes.Add(code);
        }

        packet.ReasonCodes = codes;
        return packet;
    }

    private static void RequireAllowed(ReasonCode code, PacketType type, MqttVersion version)
    {
        code.RequireAllowedIn(type);
        if (version < MqttVersion.V5 && code > ReasonCode.UnspecifiedError)
        {
            MqttProtocolException.ThrowProtocolError("SUBACK return code."); // [MQTT-3.1.1: 3.9.3-2]
        }
    }

    private void ReadProperties(ref MqttReader reader)
    {
        var section = new MqttReader(reader.ReadPropertySection());
        List<UserProperty>? userProperties = null;
        ulong seen = 0;
        while (section.TryReadPropertyId(PropertySets.Acknowledgement, ref seen, out var id))
        {
            if (id == PropertyId.UserProperty)
            {
                (userProperties ??= []).Add(section.ReadUserProperty());
            }
            else
            {
                ReasonString = section.ReadString();
            }
        }

        UserProperties = userProperties ?? UserProperties;
    }
}
