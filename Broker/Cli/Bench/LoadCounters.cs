namespace Broker.Cli.Bench;

/// <summary>What has happened in one phase of the load.</summary>
internal sealed class LoadCounters
{
    /// <summary>Messages sent.</summary>
    public long Sent { get; set; }

    /// <summary>Deliveries that those should cause.</summary>
    public long Expected { get; set; }

    /// <summary>Deliveries, each message counted once per receiver.</summary>
    public long Received { get; set; }

    public long Duplicates { get; set; }

    /// <summary>Messages that arrived after a later one.</summary>
    public long OutOfOrder { get; set; }

    /// <summary>Messages that are not of this run, or not for this receiver.</summary>
    public long Misrouted { get; set; }

    /// <summary>Publishes that the broker answered with an error code.</summary>
    public long Refused { get; set; }

    /// <summary>Timestamp of the last delivery or acknowledgement.</summary>
    public long LastProgress { get; set; }

    /// <summary>Longest time that the sender was behind its schedule, in timestamp units.</summary>
    public long Behind { get; set; }

    public long Lost => Math.Max(0, Expected - Received);
}
