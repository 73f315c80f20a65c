namespace Broker.Protocols.Mqtt;

/// <summary>
/// Reads the fields of one packet body in order; every field that is cut off is malformed. The other parts of this type hold the field
/// kinds: integers, strings, properties.
/// </summary>
internal ref partial struct MqttReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> _rest = body;

    /// <summary>What has not been read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    public readonly bool AtEnd => _rest.IsEmpty;

    /// <summary>A packet that is longer than its fields is malformed.</summary>
    public readonly void RequireEnd()
    {
        if (!_rest.IsEmpty)
        {
            MqttProtocolException.ThrowMalformed("Bytes after the last field of the packet.");
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            MqttProtocolException.ThrowMalformed("A field is cut off.");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
