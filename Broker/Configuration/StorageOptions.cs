namespace Broker.Configuration;

/// <summary>Durable storage of sessions, queued and retained messages.</summary>
public sealed class StorageOptions
{
    /// <summary>Where they are kept. Default: Disk.</summary>
    public StorageKind Kind { get; set; } = StorageKind.Disk;

    /// <summary>Directory of the store's files, made when it is not there; one broker at a time. Default: `broker-data` in the working directory.</summary>
    public string DataDirectory { get; set; } = "broker-data";

    /// <summary>When what a publish acknowledges is on disk, where no rule says otherwise. Default: Sync.</summary>
    public Durability Durability { get; set; } = Durability.Sync;

    /// <summary>Durability by topic; the first rule whose filter matches decides. Default: none.</summary>
    public IList<DurabilityRuleOptions> Rules { get; } = [];

    /// <summary>
    /// Longest time, in milliseconds, until something is on disk that no acknowledgement waits for: Durability Interval, QoS 0 retained messages,
    /// completed deliveries. 10 to 60000, default 1000.
    /// </summary>
    [AllowedRange(10, 60_000)]
    public int FlushIntervalMilliseconds { get; set; } = 1000;

    /// <summary>
    /// Bytes that the store may hold on disk; above, what needs it is refused as when the disk is full, and what is delivered makes room. The files are larger:
    /// 32 MiB of the journal are allocated beforehand. 67108864 to 1125899906842624, default 0.
    /// </summary>
    [AllowedRange(67_108_864, 1_125_899_906_842_624, ZeroMeans = "no limit")]
    public long MaximumBytes { get; set; }

    /// <summary>What to do at start when the data directory is damaged (`--on-corruption`). Default: Fail.</summary>
    public CorruptionPolicy OnCorruption { get; set; } = CorruptionPolicy.Fail;
}
