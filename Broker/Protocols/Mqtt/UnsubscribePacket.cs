namespace Broker.Protocols.Mqtt;

/// <summary>
/// UNSUBSCRIBE, validated as a whole; <c>foreach</c> gives its filters.
/// <code>
/// unsubscribe = packet-id(2) [properties, 5.0] 1*filter(string)
/// </code>
/// </summary>
internal readonly ref struct UnsubscribePacket
{
    private readonly ReadOnlySpan<byte> _payload;
    private readonly MqttVersion _version;

    private UnsubscribePacket(ushort packetId, int count, ReadOnlySpan<byte> payload, MqttVersion version)
    {
        PacketId = packetId;
        Count = count;
        _payload = payload;
        _version = version;
    }

    public ushort PacketId { get; }

    /// <summary>Number of filters.</summary>
    public int Count { get; }

    /// <summary>The filters as they came, for an <see cref="Enumerator"/> that is to go on later.</summary>
    public ReadOnlySpan<byte> Payload => _payload;

    public Enumerator GetEnumerator() => new(_payload, _version);

    /// <summary>Reads and validates an UNSUBSCRIBE.</summary>
    /// <exception cref="MqttProtocolException">The packet is malformed or breaks a rule.</exception>
    public static UnsubscribePacket Read(in MqttFrame frame, MqttVersion version)
    {
        frame.CheckFlags(version); // [MQTT-3.10.1-1]
        var reader = new MqttReader(frame.Body);
        var packetId = reader.ReadPacketId();
        if (version == MqttVersion.V5)
        {
            SkipProperties(ref reader);
        }

        var count = 0;
        foreach (var _ in new Enumerator(reader.Rest, version))
        {
            count++;
        }

        if (count == 0)
        {
            MqttProtocolException.ThrowProtocolError("UNSUBSCRIBE without a filter."); // [MQTT-3.10.3-2]
        }

        return new UnsubscribePacket(packetId, count, reader.Rest, version);
    }

    private static void SkipProperties(ref MqttReader reader)
    {
        var section = new MqttReader(reader.ReadPropertySection());
        ulong seen = 0;
        while (section.TryReadPropertyId(PropertySets.Unsubscribe, ref seen, out _))
        {
            section.SkipUserProperty();
        }
    }

    /// <summary>Walks over the filters.</summary>
    public ref struct Enumerator(ReadOnlySpan<byte> payload, MqttVersion version)
    {
        private MqttReader _reader = new(payload);

        public ReadOnlySpan<byte> Current { get; private set; }

        /// <summary>Bytes behind <see cref="Current"/>.</summary>
        public readonly int Left => _reader.Rest.Length;

        public readonly Enumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_reader.AtEnd)
            {
                return false;
            }

            Current = _reader.ReadTopicFilter(version);
            return true;
        }
    }
}
