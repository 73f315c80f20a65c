using static Broker.Protocols.Mqtt.PropertyId;

namespace Broker.Protocols.Mqtt;

/// <summary>Which properties a packet may carry (MQTT 5.0 table 2-4), as sets of bits numbered by Property Identifier.</summary>
internal static class PropertySets
{
    /// <summary>
    /// What travels with an Application Message from publisher to subscriber unchanged [MQTT-3.3.2-4] [MQTT-3.3.2-15] [MQTT-3.3.2-16]
    /// [MQTT-3.3.2-17] [MQTT-3.3.2-20].
    /// </summary>
    public const ulong Forwardable =
        1UL << (int)PayloadFormatIndicator | 1UL << (int)ContentType | 1UL << (int)ResponseTopic | 1UL << (int)CorrelationData
        | 1UL << (int)PropertyId.UserProperty;

    public const ulong Publish =
        Forwardable | 1UL << (int)MessageExpiryInterval | 1UL << (int)TopicAlias | 1UL << (int)SubscriptionIdentifier;

    public const ulong Will = Forwardable | 1UL << (int)MessageExpiryInterval | 1UL << (int)WillDelayInterval;

    public const ulong Connect =
        1UL << (int)SessionExpiryInterval | 1UL << (int)ReceiveMaximum | 1UL << (int)PropertyId.MaximumPacketSize
        | 1UL << (int)TopicAliasMaximum | 1UL << (int)RequestResponseInformation | 1UL << (int)RequestProblemInformation
        | 1UL << (int)PropertyId.UserProperty | 1UL << (int)AuthenticationMethod | 1UL << (int)AuthenticationData;

    public const ulong Acknowledgement = 1UL << (int)ReasonString | 1UL << (int)PropertyId.UserProperty;

    public const ulong ConnAck =
        Acknowledgement | 1UL << (int)SessionExpiryInterval | 1UL << (int)ReceiveMaximum | 1UL << (int)MaximumQos
        | 1UL << (int)RetainAvailable | 1UL << (int)PropertyId.MaximumPacketSize | 1UL << (int)AssignedClientIdentifier
        | 1UL << (int)TopicAliasMaximum | 1UL << (int)WildcardSubscriptionAvailable | 1UL << (int)SubscriptionIdentifierAvailable
        | 1UL << (int)SharedSubscriptionAvailable | 1UL << (int)ServerKeepAlive | 1UL << (int)ResponseInformation
        | 1UL << (int)ServerReference | 1UL << (int)AuthenticationMethod | 1UL << (int)AuthenticationData;

    public const ulong Subscribe = 1UL << (int)SubscriptionIdentifier | 1UL << (int)PropertyId.UserProperty;

    public const ulong Unsubscribe = 1UL << (int)PropertyId.UserProperty;

    public const ulong Disconnect = Acknowledgement | 1UL << (int)SessionExpiryInterval | 1UL << (int)ServerReference;

    public const ulong Auth = Acknowledgement | 1UL << (int)AuthenticationMethod | 1UL << (int)AuthenticationData;

    public static bool Contains(ulong set, PropertyId id) => (set >> (int)id & 1) != 0;
}
