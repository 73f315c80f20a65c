using System.Numerics;
using System.Runtime.InteropServices;

namespace Broker.Storage.Journal;

/// <summary>CRC-32C (Castagnoli), which processors compute themselves.</summary>
internal static class Crc32C
{
    /// <summary>The checksum of the bytes after what led to <paramref name="start"/>.</summary>
    public static uint Of(uint start, ReadOnlySpan<byte> bytes)
    {
        var crc = ~start;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (var rest in bytes[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, rest);
        }

        return ~crc;
    }
}
