using System.Buffers.Binary;

namespace Broker.Storage.Journal;

/// <summary>
/// One commit in the journal, wholly there or not at all. Numbers are little endian:
/// <code>
///  0      4            8        16           24               28             32
///  "BKJF" header CRC   number   written at   payload length   payload CRC   payload
/// </code>
/// Both checksums begin with the segment's seed, which nobody outside knows: a payload that looks like a frame, or a frame that a used file still
/// holds, is not taken for one.
/// </summary>
internal static class Frame
{
    /// <summary>Bytes before the payload.</summary>
    public const int HeaderLength = 32;

    private const int CheckedFrom = 8;
    private const int NumberAt = 8;
    private const int WrittenAtAt = 16;
    private const int PayloadLengthAt = 24;
    private const int PayloadChecksumAt = 28;

    private static ReadOnlySpan<byte> Magic => "BKJF"u8;

    /// <summary>Writes the header before the payload that is there already.</summary>
    public static void Seal(Span<byte> frame, uint seed, long number, long writtenAt)
    {
        Magic.CopyTo(frame);
        BinaryPrimitives.WriteInt64LittleEndian(frame[NumberAt..], number);
        BinaryPrimitives.WriteInt64LittleEndian(frame[WrittenAtAt..], writtenAt);
        BinaryPrimitives.WriteInt32LittleEndian(frame[PayloadLengthAt..], frame.Length - HeaderLength);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[PayloadChecksumAt..], Crc32C.Of(seed, frame[HeaderLength..]));
        BinaryPrimitives.WriteUInt32LittleEndian(frame[Magic.Length..], Crc32C.Of(seed, frame[CheckedFrom..HeaderLength]));
    }

    /// <summary>True when the bytes begin with a whole, undamaged frame.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, uint seed, out FrameHeader header) =>
        TryReadHeader(bytes, seed, out header)
        && header.Length <= bytes.Length
        && Crc32C.Of(seed, bytes[HeaderLength..header.Length]) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[PayloadChecksumAt..]);

    /// <summary>True when the bytes begin with an undamaged header; the payload may be damaged or cut off.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> bytes, uint seed, out FrameHeader header)
    {
        header = default;
        if (bytes.Length < HeaderLength
            || !bytes.StartsWith(Magic)
            || Crc32C.Of(seed, bytes[CheckedFrom..HeaderLength]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[Magic.Length..]))
        {
            return false;
        }

        header = new FrameHeader(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[NumberAt..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[WrittenAtAt..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[PayloadLengthAt..]));
        return header.PayloadLength >= 0;
    }

    /// <summary>Where the next undamaged frame begins; negative when there is none.</summary>
    public static int Find(ReadOnlySpan<byte> bytes, int from, uint seed)
    {
        while (from < bytes.Length)
        {
            var at = bytes[from..].IndexOf(Magic);
            if (at < 0 || TryRead(bytes[(from + at)..], seed, out _))
            {
                return at < 0 ? at : from + at;
            }

            from += at + 1;
        }

        return -1;
    }
}
