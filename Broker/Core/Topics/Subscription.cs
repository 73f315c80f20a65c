using Broker.Core.Sessions;
using Broker.Primitives;

namespace Broker.Core.Topics;

/// <summary>One session's subscription to one Topic Filter. Replaced as a whole when the client subscribes again [MQTT-3.8.4-3].</summary>
internal sealed class Subscription(Session session, TopicFilter filter, SubscriptionOptions options, uint identifier)
{
    /// <summary>Who subscribes.</summary>
    public Session Session { get; } = session;

    /// <summary>To what.</summary>
    public TopicFilter Filter { get; } = filter;

    /// <summary>On what terms.</summary>
    public SubscriptionOptions Options { get; } = options;

    /// <summary>Subscription Identifier; 0 for none.</summary>
    public uint Identifier => Identifiers.Length == 0 ? 0 : Identifiers[0];

    /// <summary>The same as deliveries carry it; made once.</summary>
    public uint[] Identifiers { get; } = identifier == 0 ? [] : [identifier];

    /// <summary>True when these are its terms.</summary>
    public bool IsOn(SubscriptionOptions options, uint identifier) => Options == options && Identifier == identifier;

    /// <summary>Where it stands in its node's <see cref="Subscribers"/> or its <see cref="SharedGroup"/>; owned by that.</summary>
    public int Slot { get; set; }
}
