namespace Broker.Observability;

/// <summary>What the durable store counts. All zero, but available, where nothing is stored.</summary>
internal sealed class StorageMetrics
{
    private readonly long[] _commits = new long[3];
    private long _pendingBytes;
    private long _journalBytes;
    private long _bytesInUse;
    private long _available = 1;

    /// <summary>Commits of the journal: each is one write and one sync.</summary>
    public long Commits => Volatile.Read(ref _commits[0]);

    /// <summary>Bytes that they wrote.</summary>
    public long SyncedBytes => Volatile.Read(ref _commits[1]);

    /// <summary>Seconds that they took.</summary>
    public double CommitSeconds => TimeSpan.FromTicks(Volatile.Read(ref _commits[2])).TotalSeconds;

    /// <summary>Bytes that are recorded and not on disk yet.</summary>
    public long PendingBytes
    {
        get => Volatile.Read(ref _pendingBytes);
        set => Volatile.Write(ref _pendingBytes, value);
    }

    /// <summary>Bytes of the journal's files.</summary>
    public long JournalBytes
    {
        get => Volatile.Read(ref _journalBytes);
        set => Volatile.Write(ref _journalBytes, value);
    }

    /// <summary>Bytes that the store holds: those in use in the database, and what the journal has that is not in it yet.</summary>
    public long BytesInUse
    {
        get => Volatile.Read(ref _bytesInUse);
        set => Volatile.Write(ref _bytesInUse, value);
    }

    /// <summary>False while the disk is full or failing.</summary>
    public bool IsAvailable
    {
        get => Volatile.Read(ref _available) != 0;
        set => Volatile.Write(ref _available, value ? 1 : 0);
    }

    /// <summary>A commit is on disk.</summary>
    public void Committed(long bytes, TimeSpan took)
    {
        Interlocked.Increment(ref _commits[0]);
        Interlocked.Add(ref _commits[1], bytes);
        Interlocked.Add(ref _commits[2], took.Ticks);
    }
}
