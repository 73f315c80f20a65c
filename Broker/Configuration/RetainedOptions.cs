namespace Broker.Configuration;

/// <summary>Retained messages of all clients together. A message above is refused; one that replaces another of its size or more is not above.</summary>
public sealed class RetainedOptions
{
    /// <summary>Retained messages. 1 to 1000000000, default 0.</summary>
    [AllowedRange(1, 1_000_000_000, ZeroMeans = "no limit")]
    public int MaximumMessages { get; set; }

    /// <summary>Bytes of their topics, properties and payloads. 1 to 1099511627776, default 0.</summary>
    [AllowedRange(1, 1_099_511_627_776, ZeroMeans = "no limit")]
    public long MaximumBytes { get; set; }
}
