namespace Broker.Protocols.Mqtt;

/// <summary>One walk over the properties of a PUBLISH or a Will: validates all, keeps what a broker acts on.</summary>
internal struct MessagePropertyScan
{
    public uint? MessageExpiryInterval { get; private set; }

    public uint WillDelayInterval { get; private set; }

    public ushort TopicAlias { get; private set; }

    public byte PayloadFormatIndicator { get; private set; }

    /// <summary>True when all properties are <see cref="PropertySets.Forwardable"/>.</summary>
    public bool Forwardable { get; private set; }

    public static MessagePropertyScan Run(ReadOnlySpan<byte> section, ulong allowed, PacketSender sender)
    {
        var scan = new MessagePropertyScan { Forwardable = true };
        var reader = new MqttReader(section);
        ulong seen = 0;
        while (reader.TryReadPropertyId(allowed, ref seen, out var id))
        {
            scan.Forwardable &= PropertySets.Contains(PropertySets.Forwardable, id);
            if (id == PropertyId.SubscriptionIdentifier && sender == PacketSender.Client)
            {
                MqttProtocolException.ThrowProtocolError("Subscription Identifier in a PUBLISH from a client."); // [MQTT-3.3.4-6]
            }

            scan.ReadValue(ref reader, id);
        }

        return scan;
    }

    /// <summary>Copies the forwardable properties in their order [MQTT-3.3.2-18] [MQTT-3.1.3-10] and returns their length.</summary>
    public static int CopyForwardable(ReadOnlySpan<byte> section, Span<byte> destination)
    {
        var scan = default(MessagePropertyScan);
        var reader = new MqttReader(section);
        ulong seen = 0;
        var copied = 0;
        var start = section;
        while (reader.TryReadPropertyId(PropertySets.Publish | PropertySets.Will, ref seen, out var id))
        {
            scan.ReadValue(ref reader, id);
            if (PropertySets.Contains(PropertySets.Forwardable, id))
            {
                var property = start[..^reader.Rest.Length];
                property.CopyTo(destination[copied..]);
                copied += property.Length;
            }

            start = reader.Rest;
        }

        return copied;
    }

    private void ReadValue(ref MqttReader reader, PropertyId id)
    {
        switch (id)
        {
            case PropertyId.PayloadFormatIndicator:
                PayloadFormatIndicator = reader.ReadBoolean() ? (byte)1 : (byte)0;
                break;
            case PropertyId.MessageExpiryInterval:
                MessageExpiryInterval = reader.ReadUInt32();
                break;
            case PropertyId.WillDelayInterval:
                WillDelayInterval = reader.ReadUInt32();
                break;
            case PropertyId.TopicAlias:
                TopicAlias = ReadTopicAlias(ref reader);
                break;
            case PropertyId.SubscriptionIdentifier:
                _ = reader.ReadSubscriptionIdentifier();
                break;
            case PropertyId.ResponseTopic:
                _ = reader.ReadResponseTopic();
                break;
            case PropertyId.CorrelationData:
                _ = reader.ReadBinary();
                break;
            case PropertyId.ContentType:
                _ = reader.ReadUtf8(); // [MQTT-3.3.2-19]
                break;
            default:
                reader.SkipUserProperty();
                break;
        }
    }

    private static ushort ReadTopicAlias(ref MqttReader reader)
    {
        var alias = reader.ReadUInt16();
        if (alias == 0)
        {
            MqttProtocolException.Throw(ReasonCode.TopicAliasInvalid, "Topic Alias 0."); // [MQTT-3.3.2-8]
        }

        return alias;
    }
}
