using Broker.Configuration;
using Broker.Core.Topics;

namespace Broker.Core.Routing;

/// <summary>Who receives what is published to one topic, as of one version of the subscriptions. Immutable.</summary>
internal sealed class Route(byte[] topic, long version, Target[] targets, SharedGroup[] groups, Durability durability)
{
    /// <summary>Topic Name.</summary>
    public ReadOnlySpan<byte> Topic => topic;

    /// <summary>Version of the subscriptions that the route was made from.</summary>
    public long Version { get; } = version;

    /// <summary>Sessions with subscriptions of their own.</summary>
    public ReadOnlySpan<Target> Targets => targets;

    /// <summary>Shared groups, each of which gets one copy.</summary>
    public ReadOnlySpan<SharedGroup> Groups => groups;

    /// <summary>When what is published to the topic has to be on disk.</summary>
    public Durability Durability { get; } = durability;

    /// <summary>True when it has more than one receiver.</summary>
    public bool IsShared => targets.Length + groups.Length > 1;

    /// <summary>True when nobody receives.</summary>
    public bool IsEmpty => targets.Length == 0 && groups.Length == 0;

    /// <summary>True when a QoS 1 or 2 message to the topic has to be stored for one of its receivers.</summary>
    public bool HasDurableReceiver()
    {
        if (groups.Length > 0)
        {
            return true;
        }

        foreach (ref readonly var target in Targets)
        {
            if (target.Qos > Primitives.Qos.AtMostOnce && target.Session.IsDurable)
            {
                return true;
            }
        }

        return false;
    }
}
