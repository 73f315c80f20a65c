using System.Buffers.Binary;
using System.Text;

namespace Broker.Primitives;

/// <summary>
/// User Properties in MQTT 5.0 encoding (section 2.2.2.2), as <see cref="Message.Properties"/> holds them, for those who do not speak MQTT.
/// <code>
/// 0x26    Name STR    Value STR        STR = 2 bytes length, UTF-8
/// </code>
/// </summary>
internal static class UserPropertyEncoding
{
    private const byte Identifier = 0x26;

    /// <summary>Encodes the properties in order.</summary>
    /// <exception cref="OverflowException">A name or value is longer than 65535 bytes.</exception>
    public static byte[] Encode(IReadOnlyCollection<KeyValuePair<string, string>> properties)
    {
        var encoded = new byte[properties.Sum(static property => 1 + Size(property.Key) + Size(property.Value))];
        var rest = encoded.AsSpan();
        foreach (var (name, value) in properties)
        {
            rest[0] = Identifier;
            rest = rest[1..];
            Write(name, ref rest);
            Write(value, ref rest);
        }

        return encoded;
    }

    private static int Size(string text) => sizeof(ushort) + Encoding.UTF8.GetByteCount(text);

    private static void Write(string text, ref Span<byte> rest)
    {
        var length = Encoding.UTF8.GetBytes(text, rest[sizeof(ushort)..]);
        BinaryPrimitives.WriteUInt16BigEndian(rest, checked((ushort)length));
        rest = rest[(sizeof(ushort) + length)..];
    }
}
