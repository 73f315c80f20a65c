namespace Broker.Protocols.Mqtt;

internal sealed partial class ConnAckPacket
{
    /// <summary>Reads and validates a CONNACK.</summary>
    /// <exception cref="MqttProtocolException">The packet is malformed or breaks a rule.</exception>
    public static ConnAckPacket Read(in MqttFrame frame, MqttVersion version)
    {
        frame.CheckFlags(version);
        var reader = new MqttReader(frame.Body);
        var flags = reader.ReadByte();
        if (flags > 1 && version != MqttVersion.V31)
        {
            MqttProtocolException.ThrowMalformed("Reserved Connect Acknowledge Flags."); // [MQTT-3.2.2-1]
        }

        var code = reader.ReadByte();
        var packet = new ConnAckPacket { SessionPresent = flags == 1 && version != MqttVersion.V31 };
        if (version == MqttVersion.V5)
        {
            packet.ReasonCode = (ReasonCode)code;
            packet.ReasonCode.RequireAllowedIn(PacketType.ConnAck); // [MQTT-3.2.2-8]
            packet.ReadProperties(ref reader);
        }
        else
        {
            packet.ReturnCode = (ConnectReturnCode)code;
            RequireKnown(packet.ReturnCode);
        }

        reader.RequireEnd();
        if (packet.SessionPresent && code != 0)
        {
            MqttProtocolException.ThrowProtocolError("Session Present in a CONNACK that refuses."); // [MQTT-3.2.2-6]
        }

        return packet;
    }

    private static void RequireKnown(ConnectReturnCode code)
    {
        if (code > ConnectReturnCode.NotAuthorized)
        {
            MqttProtocolException.ThrowProtocolError("Connect Return code.");
        }
    }

    private void ReadProperties(ref MqttReader reader)
    {
        var section = new MqttReader(reader.ReadPropertySection());
        List<UserProperty>? userProperties = null;
        ulong seen = 0;
        while (section.TryReadPropertyId(PropertySets.ConnAck, ref seen, out var id))
        {
            if (id == PropertyId.UserProperty)
            {
                (userProperties ??= []).Add(section.ReadUserProperty());
            }
            else if (!ReadLimit(ref section, id))
            {
                ReadText(ref section, id);
            }
        }

        UserProperties = userProperties ?? UserProperties;
    }

    private bool ReadLimit(ref MqttReader section, PropertyId id)
    {
        switch (id)
        {
            case PropertyId.SessionExpiryInterval:
                SessionExpiryInterval = section.ReadUInt32();
                return true;
            case PropertyId.ReceiveMaximum:
                ReceiveMaximum = section.ReadReceiveMaximum();
                return true;
            case PropertyId.MaximumQos:
                MaximumQos = section.ReadMaximumQos();
                return true;
            case PropertyId.RetainAvailable:
                RetainAvailable = section.ReadBoolean();
                return true;
            case PropertyId.MaximumPacketSize:
                MaximumPacketSize = section.ReadMaximumPacketSize();
                return true;
            case PropertyId.TopicAliasMaximum:
                TopicAliasMaximum = section.ReadUInt16();
                return true;
            case PropertyId.WildcardSubscriptionAvailable:
                WildcardSubscriptionAvailable = section.ReadBoolean();
                return true;
            case PropertyId.SubscriptionIdentifierAvailable:
                SubscriptionIdentifierAvailable = section.ReadBoolean();
                return true;
            case PropertyId.SharedSubscriptionAvailable:
                SharedSubscriptionAvailable = section.ReadBoolean();
                return true;
            case PropertyId.ServerKeepAlive:
                ServerKeepAlive = section.ReadUInt16();
                return true;
            default:
                return false;
        }
    }

    private void ReadText(ref MqttReader section, PropertyId id)
    {
        switch (id)
        {
            case PropertyId.AssignedClientIdentifier:
                AssignedClientIdentifier = section.ReadString();
                break;
            case PropertyId.ReasonString:
                ReasonString = section.ReadString();
                break;
            case PropertyId.ResponseInformation:
                ResponseInformation = section.ReadString();
                break;
            case PropertyId.ServerReference:
                ServerReference = section.ReadString();
                break;
            case PropertyId.AuthenticationMethod:
                AuthenticationMethod = section.ReadString();
                break;
            case PropertyId.AuthenticationData:
                AuthenticationData = section.ReadBinary().ToArray();
                break;
        }
    }
}
