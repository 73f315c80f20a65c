using Broker.Core.Topics;

namespace Broker.Core.Routing;

/// <summary>Who receives what is published to one topic, as of one version of the subscriptions. Immutable.</summary>
internal sealed class Route(byte[] topic, long version, Target[] targets, SharedGroup[] groups)
{
    /// <summary>Topic Name.</summary>
    public ReadOnlySpan<byte> Topic => topic;

    /// <summary>Version of the subscriptions that the route was made from.</summary>
    public long Version { get; } = version;

    /// <summary>Sessions with subscriptions of their own.</summary>
    public ReadOnlySpan<Target> Targets => targets;

    /// <summary>Shared groups, each of which gets one copy.</summary>
    public ReadOnlySpan<SharedGroup> Groups => groups;

    /// <summary>True when nobody receives.</summary>
    public bool IsEmpty => targets.Length == 0 && groups.Length == 0;
}
