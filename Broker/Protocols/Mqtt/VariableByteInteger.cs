namespace Broker.Protocols.Mqtt;

/// <summary>
/// Variable Byte Integer (MQTT 5.0 section 1.5.5): seven bits per byte, least significant first; bit 7 says that another byte follows.
/// </summary>
internal static class VariableByteInteger
{
    public const uint MaximumValue = 268_435_455;
    public const int MaximumSize = 4;

    public static int Size(uint value) => value switch
    {
        < 1u << 7 => 1,
        < 1u << 14 => 2,
        < 1u << 21 => 3,
        _ => 4,
    };

    /// <summary>Writes the shortest form [MQTT-1.5.5-1] and returns its length.</summary>
    public static int Write(Span<byte> destination, uint value)
    {
        var at = 0;
        while (value >= 0x80)
        {
            destination[at++] = (byte)(value | 0x80);
            value >>= 7;
        }

        destination[at++] = (byte)value;
        return at;
    }

    /// <summary>Reads one; padded forms [MQTT-1.5.5-1] and a fifth byte are malformed.</summary>
    public static FrameStatus TryRead(ReadOnlySpan<byte> buffer, out uint value, out int size)
    {
        value = 0;
        for (size = 0; size < MaximumSize; size++)
        {
            if (size >= buffer.Length)
            {
                return FrameStatus.NeedMore;
            }

            var next = buffer[size];
            value |= (uint)(next & 0x7F) << (7 * size);
            if (next < 0x80)
            {
                var padded = next == 0 && size > 0;
                size++;
                return padded ? FrameStatus.Malformed : FrameStatus.Done;
            }
        }

        return FrameStatus.Malformed;
    }
}
