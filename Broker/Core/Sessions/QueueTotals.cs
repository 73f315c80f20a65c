namespace Broker.Core.Sessions;

/// <summary>What waits in the queues of all sessions together.</summary>
internal sealed class QueueTotals
{
    private long _messages;
    private long _bytes;
    private long _bytesInMemory;

    /// <summary>Messages.</summary>
    public long Messages => Volatile.Read(ref _messages);

    /// <summary>Bytes of topics, properties and payloads, in memory or in the store only.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Those that are in memory.</summary>
    public long BytesInMemory => Volatile.Read(ref _bytesInMemory);

    /// <summary>A queue has changed.</summary>
    public void Add(int messages, long bytes, long bytesInMemory)
    {
        Interlocked.Add(ref _messages, messages);
        Interlocked.Add(ref _bytes, bytes);
        Interlocked.Add(ref _bytesInMemory, bytesInMemory);
    }
}
