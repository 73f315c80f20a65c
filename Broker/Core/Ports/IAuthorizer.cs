using Broker.Core.Sessions;
using Broker.Primitives;

namespace Broker.Core.Ports;

/// <summary>Decides what a client may do with a topic. Synchronous: it stands on the hot path.</summary>
public interface IAuthorizer
{
    /// <summary>True when everything is allowed, so that callers may skip the question.</summary>
    bool AllowsEverything { get; }

    /// <summary>True when <see cref="TopicAction.Receive"/> has to be asked for each delivery; a subscription that was granted suffices else.</summary>
    bool ChecksDelivery => false;

    /// <summary>
    /// Version of the rules, above 0: as long as it is the same, a client that was allowed a publish is allowed it again, and callers need not
    /// ask. 0 when every publish has to be asked for. Where rules change, they do so before their version.
    /// </summary>
    int Version { get; }

    /// <summary>True when <paramref name="client"/> may do <paramref name="action"/>.</summary>
    /// <param name="client">Who asks.</param>
    /// <param name="action">Publish, subscribe or receive.</param>
    /// <param name="topic">Topic Name, or Topic Filter without `$share/name/`, UTF-8.</param>
    /// <param name="qos">QoS of the publish or the subscription.</param>
    /// <param name="retain">RETAIN flag of a publish.</param>
    bool IsAllowed(ClientIdentity client, TopicAction action, ReadOnlySpan<byte> topic, Qos qos, bool retain);
}
