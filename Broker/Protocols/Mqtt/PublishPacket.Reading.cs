using Broker.Primitives;

namespace Broker.Protocols.Mqtt;

internal readonly ref partial struct PublishPacket
{
    private const byte RetainFlag = 0b0001;
    private const byte DupFlag = 0b1000;

    /// <summary>Reads and validates a PUBLISH.</summary>
    /// <exception cref="MqttProtocolException">The packet is malformed or breaks a rule.</exception>
    public static PublishPacket Read(in MqttFrame frame, MqttVersion version, PacketSender sender = PacketSender.Client)
    {
        var qos = ReadQos(frame.Flags, version);
        var reader = new MqttReader(frame.Body);
        var topic = reader.ReadBinary();
        var packetId = qos == Qos.AtMostOnce ? (ushort)0 : reader.ReadPacketId(); // [MQTT-2.2.1-2] [MQTT-2.2.1-3]
        var section = version == MqttVersion.V5 ? reader.ReadPropertySection() : default;
        var properties = MessagePropertyScan.Run(section, PropertySets.Publish, sender);
        CheckTopic(topic, version, properties.TopicAlias);
        return new PublishPacket
        {
            Dup = (frame.Flags & DupFlag) != 0,
            Qos = qos,
            Retain = (frame.Flags & RetainFlag) != 0,
            Topic = topic,
            PacketId = packetId,
            Payload = reader.Rest,
            Properties = section,
            TopicAlias = properties.TopicAlias,
            MessageExpiryInterval = properties.MessageExpiryInterval,
            PayloadFormatIndicator = properties.PayloadFormatIndicator,
            PropertiesForwardable = properties.Forwardable,
        };
    }

    private static Qos ReadQos(byte flags, MqttVersion version)
    {
        var qos = (Qos)((flags >> 1) & 0b11);
        if (qos > Qos.ExactlyOnce)
        {
            MqttProtocolException.ThrowMalformed("QoS 3 in PUBLISH."); // [MQTT-3.3.1-4]
        }

        // MQTT 3.1 says only that DUP has no meaning at QoS 0.
        if (qos == Qos.AtMostOnce && (flags & DupFlag) != 0 && version != MqttVersion.V31)
        {
            MqttProtocolException.ThrowMalformed("DUP in a PUBLISH with QoS 0."); // [MQTT-3.3.1-2]
        }

        return qos;
    }

    private static void CheckTopic(ReadOnlySpan<byte> topic, MqttVersion version, ushort topicAlias)
    {
        if (!topic.IsEmpty)
        {
            MqttReader.RequireTopicName(topic);
        }
        else if (version != MqttVersion.V5)
        {
            MqttProtocolException.ThrowProtocolError("Topic Name is empty."); // [MQTT-4.7.3-1]
        }
        else if (topicAlias == 0)
        {
            MqttProtocolException.ThrowProtocolError("Topic Name is empty and there is no Topic Alias.");
        }
    }
}
