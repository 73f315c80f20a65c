namespace Broker.Observability;

/// <summary>Which limit a client has come upon. Label of `broker_limits_reached_total`.</summary>
internal enum LimitName
{
    /// <summary>Connections of one Username.</summary>
    ConnectionsPerUser,

    /// <summary>Sessions of one Username.</summary>
    SessionsPerUser,

    /// <summary>Sessions of the broker.</summary>
    Sessions,

    /// <summary>Messages per second: the client is read more slowly.</summary>
    MessagesPerSecond,

    /// <summary>Bytes per second: the client is read more slowly.</summary>
    BytesPerSecond,

    /// <summary>The alarm before the end of a day's budget.</summary>
    DailyBudgetAlarm,

    /// <summary>The alarm before the end of a month's budget.</summary>
    MonthlyBudgetAlarm,

    /// <summary>A day's budget is used up: the client is throttled.</summary>
    DailyBudget,

    /// <summary>A month's budget is used up: the client is throttled.</summary>
    MonthlyBudget,

    /// <summary>Subscriptions of one session.</summary>
    Subscriptions,

    /// <summary>Levels of a topic.</summary>
    TopicLevels,

    /// <summary>Bytes of a topic.</summary>
    TopicBytes,

    /// <summary>Size of a packet.</summary>
    PacketSize,

    /// <summary>Unacknowledged publishes towards the broker.</summary>
    ReceiveMaximum,

    /// <summary>Retained messages of one client.</summary>
    RetainedMessagesOfClient,

    /// <summary>Bytes of the retained messages of one client.</summary>
    RetainedBytesOfClient,

    /// <summary>Retained messages of the broker.</summary>
    RetainedMessages,

    /// <summary>Bytes of all retained messages.</summary>
    RetainedBytes,

    /// <summary>QoS of a publish or a Will.</summary>
    Qos,

    /// <summary>RETAIN without permission.</summary>
    Retain,

    /// <summary>A wildcard subscription without permission.</summary>
    WildcardSubscription,

    /// <summary>A shared subscription without permission.</summary>
    SharedSubscription,

    /// <summary>CONNECTs that the broker handles per second or at once.</summary>
    Connects,

    /// <summary>Memory of the process.</summary>
    Memory,
}
