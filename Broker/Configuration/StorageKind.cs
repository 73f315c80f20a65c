namespace Broker.Configuration;

/// <summary>Where sessions, queues and retained messages are kept.</summary>
public enum StorageKind
{
    /// <summary>In the data directory; survives the process and, synced, a power cut.</summary>
    Disk,

    /// <summary>In memory; ends with the process.</summary>
    Memory,
}
