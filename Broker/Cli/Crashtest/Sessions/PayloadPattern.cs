using Broker.Cli.Bench;
using Broker.Cli.Crashtest.Audit;

namespace Broker.Cli.Crashtest.Sessions;

/// <summary>
/// Payloads that show which message they are and whether they are whole. The same message always has the same payload.
/// <code>
/// payload = stamp(20) *filler(1)
/// </code>
/// </summary>
/// <param name="run">Tells this run's messages from those of others.</param>
/// <param name="size">Bytes, <see cref="MessageStamp.Size"/> at least.</param>
internal sealed class PayloadPattern(uint run, int size)
{
    public uint Run => run;

    public int Size => size;

    public void Write(Span<byte> payload, MessageStream stream, uint sequence)
    {
        new MessageStamp(run, stream.Index, sequence, 0).Write(payload);
        for (var at = MessageStamp.Size; at < size; at++)
        {
            payload[at] = Filler(stream.Index, sequence, at);
        }
    }

    /// <summary>Reads which message a payload is; false when it is none of this run's, or damaged.</summary>
    public bool TryRead(ReadOnlySpan<byte> payload, out uint stream, out uint sequence)
    {
        var isWhole = MessageStamp.TryRead(payload, out var stamp) && stamp.Run == run && payload.Length == size;
        (stream, sequence) = (stamp.Stream, stamp.Sequence);
        for (var at = MessageStamp.Size; isWhole && at < size; at++)
        {
            isWhole = payload[at] == Filler(stream, sequence, at);
        }

        return isWhole;
    }

    private static byte Filler(uint stream, uint sequence, int at) => unchecked((byte)((stream * 31) + sequence + (uint)at));
}
