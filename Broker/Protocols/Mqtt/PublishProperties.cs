using System.Text;

namespace Broker.Protocols.Mqtt;

/// <summary>The properties of a PUBLISH as values, for those who look at them one by one: clients, the admin API, hooks.</summary>
internal sealed class PublishProperties
{
    public byte PayloadFormatIndicator { get; set; }

    public string? ContentType { get; set; }

    public string? ResponseTopic { get; set; }

    public byte[]? CorrelationData { get; set; }

    public IReadOnlyList<UserProperty> UserProperties { get; set; } = [];

    /// <summary>Subscription Identifiers, in a PUBLISH from a server.</summary>
    public IReadOnlyList<uint> SubscriptionIdentifiers { get; set; } = [];

    /// <summary>Reads a property section (without its length).</summary>
    /// <exception cref="MqttProtocolException">The section is malformed or breaks a rule.</exception>
    public static PublishProperties Read(ReadOnlySpan<byte> section)
    {
        var properties = new PublishProperties();
        var userProperties = new List<UserProperty>();
        var identifiers = new List<uint>();
        var reader = new MqttReader(section);
        ulong seen = 0;
        while (reader.TryReadPropertyId(PropertySets.Publish, ref seen, out var id))
        {
            switch (id)
            {
                case PropertyId.UserProperty:
                    userProperties.Add(reader.ReadUserProperty());
                    break;
                case PropertyId.SubscriptionIdentifier:
                    identifiers.Add(reader.ReadSubscriptionIdentifier());
                    break;
                default:
                    properties.ReadSingle(ref reader, id);
                    break;
            }
        }

        properties.UserProperties = userProperties;
        properties.SubscriptionIdentifiers = identifiers;
        return properties;
    }

    /// <summary>The forwardable properties in encoded form, as <see cref="MqttWriter.WritePublish"/> takes them.</summary>
    public byte[] EncodeForwardable()
    {
        var writer = BodyWriter.Begin();
        writer.Property(PropertyId.PayloadFormatIndicator, PayloadFormatIndicator == 0 ? null : PayloadFormatIndicator);
        writer.Property(PropertyId.ContentType, ContentType);
        writer.Property(PropertyId.ResponseTopic, ResponseTopic);
        writer.Property(PropertyId.CorrelationData, CorrelationData);
        writer.Properties(UserProperties);
        return writer.Written.ToArray();
    }

    private void ReadSingle(ref MqttReader reader, PropertyId id)
    {
        switch (id)
        {
            case PropertyId.PayloadFormatIndicator:
                PayloadFormatIndicator = reader.ReadBoolean() ? (byte)1 : (byte)0;
                break;
            case PropertyId.ContentType:
                ContentType = reader.ReadString();
                break;
            case PropertyId.ResponseTopic:
                ResponseTopic = Encoding.UTF8.GetString(reader.ReadResponseTopic());
                break;
            case PropertyId.CorrelationData:
                CorrelationData = reader.ReadBinary().ToArray();
                break;
            case PropertyId.MessageExpiryInterval:
                _ = reader.ReadUInt32();
                break;
            default:
                _ = reader.ReadUInt16();
                break;
        }
    }
}
