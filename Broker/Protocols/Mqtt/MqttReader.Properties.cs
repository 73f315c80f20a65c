namespace Broker.Protocols.Mqtt;

internal ref partial struct MqttReader
{
    /// <summary>
    /// The property section as bytes, without its length.
    /// <code>
    /// properties = length(variable byte integer) *(identifier(variable byte integer) value)
    /// </code>
    /// </summary>
    public ReadOnlySpan<byte> ReadPropertySection() => Take((int)ReadVariableByteInteger());

    /// <summary>Goes to the next property of a section. The caller reads its value.</summary>
    /// <param name="allowed">Set of <see cref="PropertySets"/>; anything else is malformed.</param>
    /// <param name="seen">Properties met so far; one that comes twice is a Protocol Error.</param>
    /// <param name="id">The property found.</param>
    public bool TryReadPropertyId(ulong allowed, ref ulong seen, out PropertyId id)
    {
        id = default;
        if (AtEnd)
        {
            return false;
        }

        var number = ReadVariableByteInteger();
        id = (PropertyId)number;
        if (number > 63 || !PropertySets.Contains(allowed, id))
        {
            MqttProtocolException.ThrowMalformed("A property that this packet cannot have.");
        }

        if (PropertySets.Contains(seen, id) && id is not (PropertyId.UserProperty or PropertyId.SubscriptionIdentifier))
        {
            MqttProtocolException.ThrowProtocolError("A property appears twice.");
        }

        seen |= 1UL << (int)id;
        return true;
    }

    /// <summary>Reads over a string pair without making strings of it.</summary>
    public void SkipUserProperty()
    {
        _ = ReadUtf8();
        _ = ReadUtf8();
    }

    /// <summary>Reads a property section that holds Reason String and User Properties only, and forgets them.</summary>
    public void SkipAcknowledgementProperties()
    {
        var section = new MqttReader(ReadPropertySection());
        ulong seen = 0;
        while (section.TryReadPropertyId(PropertySets.Acknowledgement, ref seen, out var id))
        {
            _ = section.ReadUtf8();
            if (id == PropertyId.UserProperty)
            {
                _ = section.ReadUtf8();
            }
        }
    }
}
