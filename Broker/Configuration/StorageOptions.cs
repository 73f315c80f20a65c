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

    /// <summary>What to do at start when the data directory is damaged (`--on-corruption`). Default: Fail.</summary>
    public CorruptionPolicy OnCorruption { get; set; } = CorruptionPolicy.Fail;
}
