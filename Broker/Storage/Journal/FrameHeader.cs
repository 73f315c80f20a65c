namespace Broker.Storage.Journal;

/// <summary>What a frame's header says.</summary>
/// <param name="Number">Number of the frame; each is one higher than that before it.</param>
/// <param name="WrittenAt">When it was written, in milliseconds since 1970 (UTC).</param>
/// <param name="PayloadLength">Bytes of changes.</param>
internal readonly record struct FrameHeader(long Number, long WrittenAt, int PayloadLength)
{
    /// <summary>Header and payload.</summary>
    public int Length => Frame.HeaderLength + PayloadLength;
}
