using Broker.Storage.Journal;

namespace Broker.Tests.Storage;

/// <summary>A file in memory that knows what of it is synced.</summary>
internal sealed class MemoryJournalFile(MemoryJournalFiles files, byte[] bytes) : IJournalFile
{
    private readonly byte[] _synced = [.. bytes];

    public long Length => Bytes.Length;

    /// <summary>What a process reads.</summary>
    public byte[] Bytes { get; set; } = bytes;

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        if (files.FailWrite?.Invoke() is { } fault)
        {
            bytes[..(bytes.Length / 2)].CopyTo(Bytes.AsSpan((int)offset));
            throw fault;
        }
        bytes.CopyTo(Bytes.AsSpan((int)offset));
    }

    public int Read(long offset, Span<byte> bytes)
    {
        ReadOnlySpan<byte> rest = Bytes.AsSpan((int)Math.Min(offset, Bytes.Length));
        rest = rest[..Math.Min(rest.Length, bytes.Length)];
        rest.CopyTo(bytes);
        return rest.Length;
    }

    public void Sync()
    {
        files.OnSync();
        if (files.FailSync?.Invoke() is { } fault)
        {
            throw fault;
        }
        Bytes.CopyTo(_synced, 0);
    }

    public void Dispose()
    {
    }

    /// <summary>What was not synced is lost.</summary>
    public void CutPower() => _synced.CopyTo(Bytes, 0);
}
