namespace Broker.Protocols.Mqtt;

/// <summary>
/// DISCONNECT.
/// <code>
/// disconnect = [reason-code(1) [properties], 5.0]
/// </code>
/// </summary>
internal sealed class DisconnectPacket
{
    public ReasonCode ReasonCode { get; set; }

    /// <summary>New Session Expiry Interval in seconds; null leaves that of the CONNECT.</summary>
    public uint? SessionExpiryInterval { get; set; }

    public string? ReasonString { get; set; }

    public string? ServerReference { get; set; }

    public IReadOnlyList<UserProperty> UserProperties { get; set; } = [];

    /// <summary>Reads and validates a DISCONNECT.</summary>
    /// <exception cref="MqttProtocolException">The packet is malformed or breaks a rule.</exception>
    public static DisconnectPacket Read(in MqttFrame frame, MqttVersion version, PacketSender sender = PacketSender.Client)
    {
        frame.CheckFlags(version); // [MQTT-3.14.1-1]
        var reader = new MqttReader(frame.Body);
        var packet = new DisconnectPacket();
        if (version == MqttVersion.V5 && !reader.AtEnd)
        {
            packet.ReasonCode = (ReasonCode)reader.ReadByte();
            packet.ReasonCode.RequireAllowedIn(PacketType.Disconnect);
            if (!reader.AtEnd)
            {
                packet.ReadProperties(ref reader, sender);
            }
        }

        reader.RequireEnd();
        return packet;
    }

    private void ReadProperties(ref MqttReader reader, PacketSender sender)
    {
        var section = new MqttReader(reader.ReadPropertySection());
        List<UserProperty>? userProperties = null;
        ulong seen = 0;
        while (section.TryReadPropertyId(PropertySets.Disconnect, ref seen, out var id))
        {
            switch (id)
            {
                case PropertyId.SessionExpiryInterval:
                    SessionExpiryInterval = ReadSessionExpiry(ref section, sender);
                    break;
                case PropertyId.ReasonString:
                    ReasonString = section.ReadString();
                    break;
                case PropertyId.ServerReference:
                    ServerReference = section.ReadString();
                    break;
                default:
                    (userProperties ??= []).Add(section.ReadUserProperty());
                    break;
            }
        }

        UserProperties = userProperties ?? UserProperties;
    }

    private static uint ReadSessionExpiry(ref MqttReader section, PacketSender sender)
    {
        if (sender == PacketSender.Server)
        {
            MqttProtocolException.ThrowProtocolError("Session Expiry Interval in a DISCONNECT of the server."); // [MQTT-3.14.2-2]
        }

        return section.ReadUInt32();
    }
}
