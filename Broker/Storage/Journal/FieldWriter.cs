using System.Buffers.Binary;

namespace Broker.Storage.Journal;

/// <summary>Writes the fields of a change: numbers in groups of seven bits, the lowest first; byte strings with their length before them.</summary>
internal ref struct FieldWriter(Span<byte> target)
{
    /// <summary>The most that <see cref="Number"/> takes.</summary>
    public const int NumberLength = 10;

    private readonly Span<byte> _target = target;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    public void Byte(byte value) => _target[Length++] = value;

    public void Number(long value)
    {
        var rest = (ulong)value;
        while (rest >= 0x80)
        {
            _target[Length++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        _target[Length++] = (byte)rest;
    }

    /// <summary>Eight bytes, little endian: for what is never small.</summary>
    public void Time(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_target[Length..], value);
        Length += sizeof(long);
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Number(value.Length);
        value.CopyTo(_target[Length..]);
        Length += value.Length;
    }
}
