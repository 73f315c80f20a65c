using System.Buffers.Binary;

namespace Broker.Protocols.Mqtt;

/// <summary>
/// Writes packets. What is sent per message goes into a span of a size computed before; the rarer packets go into a buffer writer. The
/// other parts of this type hold one packet each.
/// </summary>
internal static partial class MqttWriter
{
    /// <summary>Length of a packet whose body has the given length.</summary>
    public static int PacketSize(int bodyLength) => 1 + VariableByteInteger.Size((uint)bodyLength) + bodyLength;

    /// <summary>Writes the fixed header and returns its length.</summary>
    private static int WriteFixedHeader(Span<byte> destination, PacketType type, int flags, int bodyLength)
    {
        destination[0] = (byte)((int)type << 4 | flags);
        return 1 + VariableByteInteger.Write(destination[1..], (uint)bodyLength);
    }

    private static int WriteUInt16(Span<byte> destination, int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)value);
        return sizeof(ushort);
    }
}
