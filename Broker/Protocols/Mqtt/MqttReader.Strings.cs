using System.Text;
using Broker.Primitives;

namespace Broker.Protocols.Mqtt;

internal ref partial struct MqttReader
{
    /// <summary>Binary Data: two bytes of length, then the bytes.</summary>
    public ReadOnlySpan<byte> ReadBinary() => Take(ReadUInt16());

    /// <summary>A UTF-8 Encoded String, as bytes [MQTT-1.5.4-1] [MQTT-1.5.4-2].</summary>
    public ReadOnlySpan<byte> ReadUtf8()
    {
        var text = ReadBinary();
        if (!Utf8Rules.IsValidString(text))
        {
            MqttProtocolException.ThrowMalformed("Ill-formed UTF-8 or U+0000 in a string.");
        }

        return text;
    }

    public string ReadString() => Encoding.UTF8.GetString(ReadUtf8());

    /// <summary>A UTF-8 String Pair [MQTT-1.5.7-1].</summary>
    public UserProperty ReadUserProperty() => new(ReadString(), ReadString());

    /// <summary>A Topic Name of at least one character.</summary>
    public ReadOnlySpan<byte> ReadTopicName()
    {
        var topic = ReadBinary();
        RequireTopicName(topic);
        return topic;
    }

    /// <summary>A Response Topic [MQTT-3.3.2-13] [MQTT-3.3.2-14].</summary>
    public ReadOnlySpan<byte> ReadResponseTopic()
    {
        var topic = ReadUtf8();
        if (!TopicName.IsValid(topic))
        {
            MqttProtocolException.ThrowProtocolError("Response Topic is not a Topic Name.");
        }

        return topic;
    }

    /// <summary>Reads a Topic Filter as the version knows it: `$share` has a meaning since 5.0 only.</summary>
    public ReadOnlySpan<byte> ReadTopicFilter(MqttVersion version)
    {
        var filter = ReadUtf8(); // [MQTT-3.8.3-1] [MQTT-3.10.3-1]
        var error = TopicFilter.Check(filter);
        if (error == TopicFilterError.ShareName)
        {
            if (version == MqttVersion.V5)
            {
                MqttProtocolException.ThrowProtocolError("Shared subscription without a ShareName or a filter."); // [MQTT-4.8.2-1] [MQTT-4.8.2-2]
            }
        }
        else if (error != TopicFilterError.None)
        {
            MqttProtocolException.ThrowMalformed($"Not a Topic Filter: {error}."); // [MQTT-4.7.1-1] [MQTT-4.7.1-2] [MQTT-4.7.3-1] [MQTT-3.1.1: 4.8.0-1]
        }

        return filter;
    }

    /// <summary>A Topic Name has no wildcards [MQTT-3.3.2-2] [MQTT-4.7.0-1] and is not empty [MQTT-4.7.3-1].</summary>
    public static void RequireTopicName(ReadOnlySpan<byte> topic)
    {
        if (!TopicName.IsValid(topic))
        {
            ThrowBadTopicName(topic);
        }
    }

    private static void ThrowBadTopicName(ReadOnlySpan<byte> topic)
    {
        if (!Utf8Rules.IsValidString(topic))
        {
            MqttProtocolException.ThrowMalformed("Ill-formed UTF-8 or U+0000 in a Topic Name."); // [MQTT-3.3.2-1]
        }

        MqttProtocolException.ThrowProtocolError("Topic Name is empty or has wildcards.");
    }
}
