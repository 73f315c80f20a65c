namespace Broker.Configuration;

/// <summary>When what a publish acknowledges is on disk.</summary>
public enum Durability
{
    /// <summary>Before the acknowledgement leaves.</summary>
    Sync,

    /// <summary>Within the flush interval.</summary>
    Interval,

    /// <summary>Never: it lives as long as the process.</summary>
    Memory,
}
