using Broker.Primitives;

namespace Broker.Core.Routing;

/// <summary>How one receiver gets a publication.</summary>
internal readonly ref struct DeliveryTerms
{
    /// <summary>QoS of the delivery: the lower of the publication's and the subscription's [MQTT-3.8.4-8].</summary>
    public Qos Qos { get; init; }

    /// <summary>RETAIN flag of the delivery.</summary>
    public bool Retain { get; init; }

    /// <summary>DUP flag: this is a redelivery [MQTT-3.3.1-1] [MQTT-3.3.1-3].</summary>
    public bool Duplicate { get; init; }

    /// <summary>Packet Identifier; 0 at QoS 0.</summary>
    public ushort PacketId { get; init; }

    /// <summary>Subscription Identifiers of all subscriptions that matched [MQTT-3.3.4-3].</summary>
    public ReadOnlySpan<uint> SubscriptionIdentifiers { get; init; }
}
