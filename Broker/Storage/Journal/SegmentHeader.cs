using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Broker.Storage.Journal;

/// <summary>
/// First bytes of a segment file, numbers little endian:
/// <code>
///  0         8         12     16       24     28    32
///  "BKJRNL01" version  seed   number   zero   CRC   frames
/// </code>
/// </summary>
internal static class SegmentHeader
{
    /// <summary>Bytes before the first frame.</summary>
    public const int Length = 32;

    private const uint Version = 1;
    private const int VersionAt = 8;
    private const int SeedAt = 12;
    private const int NumberAt = 16;
    private const int ChecksumAt = 28;

    private static ReadOnlySpan<byte> Magic => "BKJRNL01"u8;

    /// <summary>Writes a header with a new seed, and returns the seed.</summary>
    public static uint Write(Span<byte> header, long number)
    {
        Span<byte> seed = stackalloc byte[sizeof(uint)];
        RandomNumberGenerator.Fill(seed);
        header.Clear();
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[VersionAt..], Version);
        seed.CopyTo(header[SeedAt..]);
        BinaryPrimitives.WriteInt64LittleEndian(header[NumberAt..], number);
        BinaryPrimitives.WriteUInt32LittleEndian(header[ChecksumAt..], Crc32C.Of(0, header[..ChecksumAt]));
        return BinaryPrimitives.ReadUInt32LittleEndian(seed);
    }

    /// <summary>Reads the seed; false when the header is damaged or of another version.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out uint seed)
    {
        seed = 0;
        if (bytes.Length < Length
            || !bytes.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[VersionAt..]) != Version
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumAt..]) != Crc32C.Of(0, bytes[..ChecksumAt]))
        {
            return false;
        }

        seed = BinaryPrimitives.ReadUInt32LittleEndian(bytes[SeedAt..]);
        return true;
    }
}
