using System.Buffers.Binary;

namespace Broker.Storage.Database;

/// <summary>The running checksum of a write-ahead log (https://sqlite.org/fileformat2.html#checksum_algorithm).</summary>
internal sealed class LogChecksum(bool isBigEndian)
{
    private uint _first;
    private uint _second;

    /// <summary>Adds bytes; their number divides by eight.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        for (; !bytes.IsEmpty; bytes = bytes[8..])
        {
            _first += Word(bytes) + _second;
            _second += Word(bytes[4..]) + _first;
        }
    }

    /// <summary>True when the sum is the one that a frame names.</summary>
    public bool Matches(ReadOnlySpan<byte> sum) =>
        BinaryPrimitives.ReadUInt32BigEndian(sum) == _first && BinaryPrimitives.ReadUInt32BigEndian(sum[4..]) == _second;

    private uint Word(ReadOnlySpan<byte> bytes) =>
        isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
