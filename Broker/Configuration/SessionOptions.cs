namespace Broker.Configuration;

/// <summary>Sessions and their queues, for every protocol.</summary>
public sealed class SessionOptions
{
    /// <summary>
    /// Longest Session Expiry Interval, in seconds; longer ones are cut, and MQTT 3 sessions without Clean Session get it.
    /// 0 to 4294967295 (never), default 604800 (7 days).
    /// </summary>
    [AllowedRange(0, 4_294_967_295)]
    public uint MaximumExpiryIntervalSeconds { get; set; } = 604_800;

    /// <summary>Sessions, connected or not, of all clients together; clients without one are refused above. 1 to 100000000, default 0.</summary>
    [AllowedRange(1, 100_000_000, ZeroMeans = "no limit")]
    public int MaximumSessions { get; set; }

    /// <summary>Messages waiting in one session's queue at most. 0 to 100000000, default 1000000.</summary>
    [AllowedRange(0, 100_000_000)]
    public int MaximumQueuedMessages { get; set; } = 1_000_000;

    /// <summary>Bytes waiting in one session's queue at most. 0 to 1099511627776, default 268435456.</summary>
    [AllowedRange(0, 1_099_511_627_776)]
    public long MaximumQueuedBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>
    /// Bytes waiting in the queues of all sessions together, in memory or in the store. 1 to 1125899906842624, default 0.
    /// </summary>
    [AllowedRange(1, 1_125_899_906_842_624, ZeroMeans = "no limit")]
    public long MaximumTotalQueuedBytes { get; set; }

    /// <summary>
    /// Bytes of all queues together that are held in memory. Above, what is stored waits in the store alone, and what is not is treated as the queue's
    /// policy says. 0 to 1099511627776, default 1073741824.
    /// </summary>
    [AllowedRange(0, 1_099_511_627_776)]
    public long MaximumQueuedBytesInMemory { get; set; } = 1024L * 1024 * 1024;

    /// <summary>What happens to a message when its session's queue, or all together, is full. Default: RejectNewest.</summary>
    public QueueFullPolicy QueueFullPolicy { get; set; } = QueueFullPolicy.RejectNewest;

    /// <summary>Bytes waiting for one connection's socket at most; QoS 0 messages above are dropped. 65536 to 1073741824, default 16777216.</summary>
    [AllowedRange(65_536, 1_073_741_824)]
    public int MaximumPendingBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>
    /// What happens when a client asks for a ClientId whose session another user made (another Username, or none). Counts where authentication is
    /// configured: without, a Username says nothing about who a client is. Default: Refuse.
    /// </summary>
    public ClientIdOwnership ClientIdOfAnotherUser { get; set; } = ClientIdOwnership.Refuse;

    /// <summary>Keep QoS 0 messages for sessions that are offline. Default: false.</summary>
    public bool QueueQos0 { get; set; }
}
