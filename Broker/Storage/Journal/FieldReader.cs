using System.Buffers.Binary;

namespace Broker.Storage.Journal;

/// <summary>Reads what <see cref="FieldWriter"/> wrote.</summary>
/// <exception cref="InvalidDataException">The bytes are not what they should be; the checksum did not tell.</exception>
internal ref struct FieldReader(ReadOnlySpan<byte> source)
{
    private ReadOnlySpan<byte> _rest = source;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public byte Byte() => Take(1)[0];

    public long Number()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return (long)value;
            }
        }

        throw new InvalidDataException("a number has too many bytes");
    }

    public long Time() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public ReadOnlySpan<byte> Bytes()
    {
        var length = Number();
        return length >= 0 && length <= _rest.Length ? Take((int)length) : throw new InvalidDataException("a change is longer than its frame");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw new InvalidDataException("a change is longer than its frame");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
