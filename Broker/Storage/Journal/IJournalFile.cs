namespace Broker.Storage.Journal;

/// <summary>A file of the journal. Every member may throw <see cref="IOException"/>.</summary>
internal interface IJournalFile : IDisposable
{
    /// <summary>Bytes of the file, all of them allocated on the disk.</summary>
    long Length { get; }

    /// <summary>Writes all bytes at an offset.</summary>
    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Reads at an offset until the span is full or the file ends; returns the bytes read.</summary>
    int Read(long offset, Span<byte> bytes);

    /// <summary>What was written is on the disk when this returns.</summary>
    void Sync();
}
