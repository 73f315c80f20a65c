namespace Broker.Configuration;

/// <summary>How many clients are let in at a time, and when the broker takes none because it is short of memory.</summary>
public sealed class AdmissionOptions
{
    /// <summary>
    /// CONNECTs handled per second. Those above wait, clients with a stored session first; who cannot wait is told Server Busy. 1 to 1000000,
    /// default 0.
    /// </summary>
    [AllowedRange(1, 1_000_000, ZeroMeans = "no limit")]
    public int ConnectsPerSecond { get; set; }

    /// <summary>CONNECTs being authenticated at once; those above wait. 1 to 1000000, default 0.</summary>
    [AllowedRange(1, 1_000_000, ZeroMeans = "no limit")]
    public int ConnectsAtOnce { get; set; }

    /// <summary>CONNECTs that may wait. 0 to 10000000, default 10000.</summary>
    [AllowedRange(0, 10_000_000)]
    public int ConnectsWaiting { get; set; } = 10_000;

    /// <summary>Longest wait of a CONNECT, in seconds; then the client is told Server Busy. 1 to 3600, default 10.</summary>
    [AllowedRange(1, 3600)]
    public int ConnectWaitSeconds { get; set; } = 10;

    /// <summary>
    /// Memory of the process, in percent of what the system or the container gives it, above which no client is let in and queues,
    /// subscriptions and retained messages do not grow. 1 to 100, default 80.
    /// </summary>
    [AllowedRange(1, 100, ZeroMeans = "no limit")]
    public int MemoryLimitPercent { get; set; } = 80;

    /// <summary>The same in bytes, instead of the percentage. 1 to 1099511627776, default 0.</summary>
    [AllowedRange(1, 1_099_511_627_776, ZeroMeans = "by percentage")]
    public long MemoryLimitBytes { get; set; }
}
