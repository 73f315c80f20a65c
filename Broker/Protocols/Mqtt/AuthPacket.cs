namespace Broker.Protocols.Mqtt;

/// <summary>
/// AUTH, 5.0 only.
/// <code>
/// auth = [reason-code(1) properties]
/// </code>
/// </summary>
internal sealed class AuthPacket
{
    public ReasonCode ReasonCode { get; set; }

    /// <summary>Authentication Method; null only in the shortest form, which says Success.</summary>
    public string? AuthenticationMethod { get; set; }

    public byte[]? AuthenticationData { get; set; }

    public string? ReasonString { get; set; }

    public IReadOnlyList<UserProperty> UserProperties { get; set; } = [];

    /// <summary>Reads and validates an AUTH.</summary>
    /// <exception cref="MqttProtocolException">The packet is malformed or breaks a rule.</exception>
    public static AuthPacket Read(in MqttFrame frame, MqttVersion version)
    {
        if (version != MqttVersion.V5)
        {
            MqttProtocolException.ThrowMalformed("Packet type 15 before MQTT 5.0.");
        }

        frame.CheckFlags(version); // [MQTT-3.15.1-1]
        var reader = new MqttReader(frame.Body);
        var packet = new AuthPacket();
        if (reader.AtEnd)
        {
            return packet;
        }

        packet.ReasonCode = (ReasonCode)reader.ReadByte();
        packet.ReasonCode.RequireAllowedIn(PacketType.Auth); // [MQTT-3.15.2-1]
        packet.ReadProperties(ref reader);
        reader.RequireEnd();
        return packet;
    }

    private void ReadProperties(ref MqttReader reader)
    {
        var section = new MqttReader(reader.ReadPropertySection());
        List<UserProperty>? userProperties = null;
        ulong seen = 0;
        while (section.TryReadPropertyId(PropertySets.Auth, ref seen, out var id))
        {
            switch (id)
            {
                case PropertyId.AuthenticationMethod:
                    AuthenticationMethod = section.ReadString();
                    break;
                case PropertyId.AuthenticationData:
                    AuthenticationData = section.ReadBinary().ToArray();
                    break;
                case PropertyId.ReasonString:
                    ReasonString = section.ReadString();
                    break;
                default:
                    (userProperties ??= []).Add(section.ReadUserProperty());
                    break;
            }
        }

        UserProperties = userProperties ?? UserProperties;
        if (AuthenticationMethod is null)
        {
            MqttProtocolException.ThrowProtocolError("AUTH without Authentication Method.");
        }
    }
}
