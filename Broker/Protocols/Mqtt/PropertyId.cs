namespace Broker.Protocols.Mqtt;

/// <summary>Property Identifiers (MQTT 5.0 section 2.2.2.2), with the type of their value.</summary>
internal enum PropertyId : byte
{
    /// <summary>Byte.</summary>
    PayloadFormatIndicator = 0x01,

    /// <summary>Four Byte Integer.</summary>
    MessageExpiryInterval = 0x02,

    /// <summary>UTF-8 Encoded String.</summary>
    ContentType = 0x03,

    /// <summary>UTF-8 Encoded String.</summary>
    ResponseTopic = 0x08,

    /// <summary>Binary Data.</summary>
    CorrelationData = 0x09,

    /// <summary>Variable Byte Integer.</summary>
    SubscriptionIdentifier = 0x0B,

    /// <summary>Four Byte Integer.</summary>
    SessionExpiryInterval = 0x11,

    /// <summary>UTF-8 Encoded String.</summary>
    AssignedClientIdentifier = 0x12,

    /// <summary>Two Byte Integer.</summary>
    ServerKeepAlive = 0x13,

    /// <summary>UTF-8 Encoded String.</summary>
    AuthenticationMethod = 0x15,

    /// <summary>Binary Data.</summary>
    AuthenticationData = 0x16,

    /// <summary>Byte.</summary>
    RequestProblemInformation = 0x17,

    /// <summary>Four Byte Integer.</summary>
    WillDelayInterval = 0x18,

    /// <summary>Byte.</summary>
    RequestResponseInformation = 0x19,

    /// <summary>UTF-8 Encoded String.</summary>
    ResponseInformation = 0x1A,

    /// <summary>UTF-8 Encoded String.</summary>
    ServerReference = 0x1C,

    /// <summary>UTF-8 Encoded String.</summary>
    ReasonString = 0x1F,

    /// <summary>Two Byte Integer.</summary>
    ReceiveMaximum = 0x21,

    /// <summary>Two Byte Integer.</summary>
    TopicAliasMaximum = 0x22,

    /// <summary>Two Byte Integer.</summary>
    TopicAlias = 0x23,

    /// <summary>Byte.</summary>
    MaximumQos = 0x24,

    /// <summary>Byte.</summary>
    RetainAvailable = 0x25,

    /// <summary>UTF-8 String Pair; the only property that may repeat in every packet.</summary>
    UserProperty = 0x26,

    /// <summary>Four Byte Integer.</summary>
    MaximumPacketSize = 0x27,

    /// <summary>Byte.</summary>
    WildcardSubscriptionAvailable = 0x28,

    /// <summary>Byte.</summary>
    SubscriptionIdentifierAvailable = 0x29,

    /// <summary>Byte.</summary>
    SharedSubscriptionAvailable = 0x2A,
}
