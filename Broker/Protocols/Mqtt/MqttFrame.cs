namespace Broker.Protocols.Mqtt;

/// <summary>
/// One MQTT Control Packet in a buffer, its body not yet looked into.
/// <code>
/// frame = type(4 bits) flags(4 bits) remaining-length(variable byte integer) body(remaining-length bytes)
/// </code>
/// </summary>
internal readonly ref struct MqttFrame(PacketType type, byte flags, ReadOnlySpan<byte> body, int length)
{
    public PacketType Type { get; } = type;

    /// <summary>The lower four bits of the first byte.</summary>
    public byte Flags { get; } = flags;

    /// <summary>Variable header and payload; empty when the packet is too large.</summary>
    public ReadOnlySpan<byte> Body { get; } = body;

    /// <summary>Length of the whole packet, fixed header included.</summary>
    public int Length { get; } = length;

    /// <summary>Finds the packet at the start of <paramref name="buffer"/>. Too large is decided from the fixed header alone.</summary>
    /// <param name="buffer">Received bytes.</param>
    /// <param name="maximumPacketSize">Longest packet accepted, fixed header included.</param>
    /// <param name="frame">The packet; for <see cref="FrameStatus.TooLarge"/> its type, flags and length only.</param>
    /// <param name="needed">For <see cref="FrameStatus.NeedMore"/>: how many bytes must be there before it is worth calling again.</param>
    public static FrameStatus TryRead(ReadOnlySpan<byte> buffer, int maximumPacketSize, out MqttFrame frame, out int needed)
    {
        frame = default;
        needed = 2;
        if (buffer.IsEmpty)
        {
            return FrameStatus.NeedMore;
        }

        var type = (PacketType)(buffer[0] >> 4);
        var flags = (byte)(buffer[0] & 0x0F);
        if (type == PacketType.Reserved)
        {
            return FrameStatus.Malformed;
        }

        var status = VariableByteInteger.TryRead(buffer[1..], out var remaining, out var size);
        if (status != FrameStatus.Done)
        {
            needed = buffer.Length + 1;
            return status;
        }

        var header = 1 + size;
        needed = header + (int)remaining;
        if (needed > maximumPacketSize)
        {
            frame = new MqttFrame(type, flags, default, needed);
            return FrameStatus.TooLarge;
        }

        if (needed > buffer.Length)
        {
            return FrameStatus.NeedMore;
        }

        frame = new MqttFrame(type, flags, buffer[header..needed], needed);
        return FrameStatus.Done;
    }

    /// <summary>
    /// Checks the reserved flag bits [MQTT-2.1.3-1] of every packet but PUBLISH. MQTT 3.1 knew no reserved flags: it lets DUP be set where
    /// a packet has QoS 1 and says of all other bits that they are not used.
    /// </summary>
    public void CheckFlags(MqttVersion version)
    {
        // [MQTT-3.6.1-1] [MQTT-3.8.1-1] [MQTT-3.10.1-1] [MQTT-3.14.1-1] [MQTT-3.15.1-1]
        var expected = Type is PacketType.PubRel or PacketType.Subscribe or PacketType.Unsubscribe ? 0b0010 : 0;
        var lenient = version == MqttVersion.V31 && (expected == 0 || (Flags & 0b0110) == expected);
        if (Flags != expected && !lenient)
        {
            MqttProtocolException.ThrowMalformed("Reserved flag bits of the fixed header.");
        }
    }
}
