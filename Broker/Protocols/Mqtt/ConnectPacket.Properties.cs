namespace Broker.Protocols.Mqtt;

internal sealed partial class ConnectPacket
{
    private void ReadProperties(ref MqttReader reader)
    {
        var section = new MqttReader(reader.ReadPropertySection());
        List<UserProperty>? userProperties = null;
        ulong seen = 0;
        while (section.TryReadPropertyId(PropertySets.Connect, ref seen, out var id))
        {
            if (id == PropertyId.UserProperty)
            {
                (userProperties ??= []).Add(section.ReadUserProperty());
            }
            else
            {
                ReadProperty(ref section, id);
            }
        }

        UserProperties = userProperties ?? UserProperties;
        if (AuthenticationData is not null && AuthenticationMethod is null)
        {
            MqttProtocolException.ThrowProtocolError("Authentication Data without Authentication Method.");
        }
    }

    private void ReadProperty(ref MqttReader section, PropertyId id)
    {
        switch (id)
        {
            case PropertyId.SessionExpiryInterval:
                SessionExpiryInterval = section.ReadUInt32();
                break;
            case PropertyId.ReceiveMaximum:
                ReceiveMaximum = section.ReadReceiveMaximum();
                break;
            case PropertyId.MaximumPacketSize:
                MaximumPacketSize = section.ReadMaximumPacketSize();
                break;
            case PropertyId.TopicAliasMaximum:
                TopicAliasMaximum = section.ReadUInt16();
                break;
            case PropertyId.RequestResponseInformation:
                RequestResponseInformation = section.ReadBoolean();
                break;
            case PropertyId.RequestProblemInformation:
                RequestProblemInformation = section.ReadBoolean();
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
