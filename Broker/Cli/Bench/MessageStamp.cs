using System.Buffers.Binary;

namespace Broker.Cli.Bench;

/// <summary>
/// The beginning of every payload.
/// <code>
/// stamp = run(4) stream(4) sequence(4) sent-at(8), little-endian
/// </code>
/// </summary>
/// <param name="Run">Tells this run's messages from those of others.</param>
/// <param name="Stream">Which topic.</param>
/// <param name="Sequence">Which message of the topic.</param>
/// <param name="SentAt">Timestamp of the sending clock.</param>
internal readonly record struct MessageStamp(uint Run, uint Stream, uint Sequence, long SentAt)
{
    public const int Size = 20;

    public void Write(Span<byte> payload)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(payload, Run);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[4..], Stream);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[8..], Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(payload[12..], SentAt);
    }

    /// <summary>Reads the stamp; false when the payload is too short to have one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out MessageStamp stamp)
    {
        stamp = default;
        if (payload.Length < Size)
        {
            return false;
        }

        stamp = new MessageStamp(
            BinaryPrimitives.ReadUInt32LittleEndian(payload),
            BinaryPrimitives.ReadUInt32LittleEndian(payload[4..]),
            BinaryPrimitives.ReadUInt32LittleEndian(payload[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(payload[12..]));
        return true;
    }
}
