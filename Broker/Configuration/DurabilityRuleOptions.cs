namespace Broker.Configuration;

/// <summary>Durability of messages whose topics match a filter.</summary>
public sealed class DurabilityRuleOptions
{
    /// <summary>Topic Filter. Required.</summary>
    public string TopicFilter { get; set; } = "";

    /// <summary>Durability of what is published there. Default: Sync.</summary>
    public Durability Durability { get; set; } = Durability.Sync;
}
