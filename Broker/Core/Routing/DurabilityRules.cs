using Broker.Configuration;
using Broker.Primitives;

namespace Broker.Core.Routing;

/// <summary>When what is published to a topic has to be on disk.</summary>
internal sealed class DurabilityRules(StorageOptions options)
{
    private readonly (TopicFilter Filter, Durability Durability)[] _rules =
        [.. options.Rules.Select(static rule => (TopicFilter.Parse(rule.TopicFilter), rule.Durability))];

    /// <summary>Durability of a topic: that of the first rule that matches. The broker's own figures are made anew by every process.</summary>
    public Durability Of(ReadOnlySpan<byte> topic)
    {
        if (topic.StartsWith("$SYS/"u8))
        {
            return Durability.Memory;
        }

        foreach (var (filter, durability) in _rules)
        {
            if (filter.Matches(topic))
            {
                return durability;
            }
        }

        return options.Durability;
    }
}
