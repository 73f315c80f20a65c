namespace Broker.Protocols.Mqtt;

/// <summary>
/// SUBSCRIBE, validated as a whole; <c>foreach</c> gives its filters with their options.
/// <code>
/// subscribe = packet-id(2) [properties, 5.0] 1*(filter(string) options(1))
/// </code>
/// Filters are well-formed; whether the broker serves them, SUBACK says of each.
/// </summary>
internal readonly ref struct SubscribePacket
{
    private readonly ReadOnlySpan<byte> _payload;
    private readonly MqttVersion _version;

    private SubscribePacket(ushort packetId, uint subscriptionIdentifier, int count, ReadOnlySpan<byte> payload, MqttVersion version)
    {
        PacketId = packetId;
        SubscriptionIdentifier = subscriptionIdentifier;
        Count = count;
        _payload = payload;
        _version = version;
    }

    public ushort PacketId { get; }

    /// <summary>Subscription Identifier; 0 for none.</summary>
    public uint SubscriptionIdentifier { get; }

    /// <summary>Number of filters.</summary>
    public int Count { get; }

    /// <summary>The filters as they came, for an <see cref="Enumerator"/> that is to go on later.</summary>
    public ReadOnlySpan<byte> Payload => _payload;

    public Enumerator GetEnumerator() => new(_payload, _version);

    /// <summary>Reads and validates a SUBSCRIBE.</summary>
    /// <exception cref="MqttProtocolException">The packet is malformed or breaks a rule.</exception>
    public static SubscribePacket Read(in MqttFrame frame, MqttVersion version)
    {
        frame.CheckFlags(version); // [MQTT-3.8.1-1]
        var reader = new MqttReader(frame.Body);
        var packetId = reader.ReadPacketId();
        var subscriptionIdentifier = version == MqttVersion.V5 ? ReadProperties(ref reader) : 0;
        var count = 0;
        foreach (var _ in new Enumerator(reader.Rest, version))
        {
            count++;
        }

        if (count == 0)
        {
            MqttProtocolException.ThrowProtocolError("SUBSCRIBE without a filter."); // [MQTT-3.8.3-2]
        }

        return new SubscribePacket(packetId, subscriptionIdentifier, count, reader.Rest, version);
    }

    private static uint ReadProperties(ref MqttReader reader)
    {
        var section = new MqttReader(reader.ReadPropertySection());
        uint identifier = 0;
        ulong seen = 0;
        while (section.TryReadPropertyId(PropertySets.Subscribe, ref seen, out var id))
        {
            if (id == PropertyId.UserProperty)
            {
                section.SkipUserProperty();
                continue;
            }

            if (identifier != 0)
            {
                MqttProtocolException.ThrowProtocolError("Two Subscription Identifiers in SUBSCRIBE.");
            }

            identifier = section.ReadSubscriptionIdentifier();
        }

        return identifier;
    }

    /// <summary>One filter of a SUBSCRIBE.</summary>
    public readonly ref struct Item(ReadOnlySpan<byte> filter, SubscriptionOptions options)
    {
        public ReadOnlySpan<byte> Filter { get; } = filter;

        public SubscriptionOptions Options { get; } = options;
    }

    /// <summary>Walks over the filters.</summary>
    public ref struct Enumerator(ReadOnlySpan<byte> payload, MqttVersion version)
    {
        private MqttReader _reader = new(payload);

        public Item Current { get; private set; }

        /// <summary>Bytes behind <see cref="Current"/>.</summary>
        public readonly int Left => _reader.Rest.Length;

        public readonly Enumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_reader.AtEnd)
            {
                return false;
            }

            var filter = _reader.ReadTopicFilter(version);
            var options = SubscriptionOptions.Decode(_reader.ReadByte(), version);
            if (options.NoLocal && filter.StartsWith("$share/"u8))
            {
                MqttProtocolException.ThrowProtocolError("No Local on a shared subscription."); // [MQTT-3.8.3-4]
            }

            Current = new Item(filter, options);
            return true;
        }
    }
}
