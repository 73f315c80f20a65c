namespace Broker.Storage.Journal;

/// <summary>A place in the journal between two frames.</summary>
/// <param name="Segment">The segment.</param>
/// <param name="Offset">Where the next frame begins.</param>
/// <param name="Position">Bytes of changes before it, since the start.</param>
internal readonly record struct JournalCursor(Segment Segment, long Offset, long Position);
