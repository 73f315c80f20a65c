namespace Broker.Configuration;

/// <summary>
/// What one client may use. What is not set comes from the next wider place: the authenticator's answer, `Broker:UserLimits`, the listener's
/// `Limits`, `Broker:Limits`, and last the sections `Mqtt` and `Sessions`.
/// </summary>
public sealed record ClientLimits
{
    /// <summary>Connections at once with the client's Username. 1 to 10000000, or 0 = no limit.</summary>
    [AllowedRange(1, 10_000_000, ZeroMeans = "no limit")]
    public int? MaximumConnectionsPerUser { get; init; }

    /// <summary>Sessions, connected or not, that the client's Username has made. 1 to 100000000, or 0 = no limit.</summary>
    [AllowedRange(1, 100_000_000, ZeroMeans = "no limit")]
    public int? MaximumSessionsPerUser { get; init; }

    /// <summary>Messages read from the client per second; above that it is read more slowly, and nothing is lost. 1 to 10000000, or 0 = no limit.</summary>
    [AllowedRange(1, 10_000_000, ZeroMeans = "no limit")]
    public int? MessagesPerSecond { get; init; }

    /// <summary>Messages that may come at once after a quiet time; at least a fifth of a second's worth. 1 to 100000000, or 0 = a second's worth.</summary>
    [AllowedRange(1, 100_000_000, ZeroMeans = "a second's worth")]
    public int? MessageBurst { get; init; }

    /// <summary>Bytes read from the client per second, every packet included; above that it is read more slowly. 1 to 1099511627776, or 0 = no limit.</summary>
    [AllowedRange(1, 1_099_511_627_776, ZeroMeans = "no limit")]
    public long? BytesPerSecond { get; init; }

    /// <summary>Bytes that may come at once after a quiet time; at least a fifth of a second's worth. 1 to 1099511627776, or 0 = a second's worth.</summary>
    [AllowedRange(1, 1_099_511_627_776, ZeroMeans = "a second's worth")]
    public long? ByteBurst { get; init; }

    /// <summary>Bytes that a ClientId may send in a day (UTC) before it is throttled. 1 to 4611686018427387904, or 0 = no limit.</summary>
    [AllowedRange(1, 1L << 62, ZeroMeans = "no limit")]
    public long? BytesPerDay { get; init; }

    /// <summary>Bytes that a ClientId may send in a calendar month (UTC) before it is throttled. 1 to 4611686018427387904, or 0 = no limit.</summary>
    [AllowedRange(1, 1L << 62, ZeroMeans = "no limit")]
    public long? BytesPerMonth { get; init; }

    /// <summary>Part of a day's or month's budget, in percent, at which operators are told. 1 to 100; not set means 80.</summary>
    [AllowedRange(1, 100)]
    public int? BudgetAlarmPercent { get; init; }

    /// <summary>Bytes read per second from a client whose budget is used up. 1 to 1099511627776; not set means 1024.</summary>
    [AllowedRange(1, 1_099_511_627_776)]
    public long? BudgetThrottleBytesPerSecond { get; init; }

    /// <summary>Subscriptions of a session. 1 to 10000000, or 0 = no limit.</summary>
    [AllowedRange(1, 10_000_000, ZeroMeans = "no limit")]
    public int? MaximumSubscriptions { get; init; }

    /// <summary>Levels of a topic. 1 to 65535.</summary>
    [AllowedRange(1, 65_535)]
    public int? MaximumTopicLevels { get; init; }

    /// <summary>Bytes of a topic. 1 to 65535.</summary>
    [AllowedRange(1, 65_535)]
    public int? MaximumTopicBytes { get; init; }

    /// <summary>Largest packet, in bytes, fixed header included (Maximum Packet Size). 16 to 268435460.</summary>
    [AllowedRange(16, 268_435_460)]
    public int? MaximumPacketSizeBytes { get; init; }

    /// <summary>QoS 1 and 2 publishes that the client may have unacknowledged towards the broker (Receive Maximum). 1 to 65535.</summary>
    [AllowedRange(1, 65_535)]
    public int? ReceiveMaximum { get; init; }

    /// <summary>QoS 1 and 2 publishes that the broker has unacknowledged towards the client. 1 to 65535.</summary>
    [AllowedRange(1, 65_535)]
    public int? MaximumInflight { get; init; }

    /// <summary>Messages that wait in the session's queue. 0 to 100000000.</summary>
    [AllowedRange(0, 100_000_000)]
    public int? MaximumQueuedMessages { get; init; }

    /// <summary>Bytes that wait in the session's queue. 0 to 1099511627776.</summary>
    [AllowedRange(0, 1_099_511_627_776)]
    public long? MaximumQueuedBytes { get; init; }

    /// <summary>Retained messages that the ClientId has published last. 1 to 100000000, or 0 = no limit.</summary>
    [AllowedRange(1, 100_000_000, ZeroMeans = "no limit")]
    public int? MaximumRetainedMessages { get; init; }

    /// <summary>Bytes of those messages: topics, properties and payloads. 1 to 1099511627776, or 0 = no limit.</summary>
    [AllowedRange(1, 1_099_511_627_776, ZeroMeans = "no limit")]
    public long? MaximumRetainedBytes { get; init; }

    /// <summary>Highest QoS (Maximum QoS). 0 to 2.</summary>
    [AllowedRange(0, 2)]
    public int? MaximumQos { get; init; }

    /// <summary>The client may publish with RETAIN (Retain Available).</summary>
    public bool? RetainAvailable { get; init; }

    /// <summary>The client may subscribe with wildcards.</summary>
    public bool? WildcardSubscriptionAvailable { get; init; }

    /// <summary>The client may take part in shared subscriptions.</summary>
    public bool? SharedSubscriptionAvailable { get; init; }

    /// <summary>Shortest Keep Alive, in seconds; a shorter one is replaced (Server Keep Alive, MQTT 5.0 only). 1 to 65535, or 0 = no limit.</summary>
    [AllowedRange(1, 65_535, ZeroMeans = "no limit")]
    public int? MinimumKeepAliveSeconds { get; init; }

    /// <summary>Longest Keep Alive, in seconds; a longer one, or none, is replaced (Server Keep Alive, MQTT 5.0; earlier clients are not told). 1 to 65535, or 0 = no limit.</summary>
    [AllowedRange(1, 65_535, ZeroMeans = "no limit")]
    public int? MaximumKeepAliveSeconds { get; init; }

    /// <summary>These limits, completed by those of a wider place.</summary>
    internal ClientLimits Over(ClientLimits wider) => new()
    {
        MaximumConnectionsPerUser = MaximumConnectionsPerUser ?? wider.MaximumConnectionsPerUser,
        MaximumSessionsPerUser = MaximumSessionsPerUser ?? wider.MaximumSessionsPerUser,
        MessagesPerSecond = MessagesPerSecond ?? wider.MessagesPerSecond,
        MessageBurst = MessageBurst ?? wider.MessageBurst,
        BytesPerSecond = BytesPerSecond ?? wider.BytesPerSecond,
        ByteBurst = ByteBurst ?? wider.ByteBurst,
        BytesPerDay = BytesPerDay ?? wider.BytesPerDay,
        BytesPerMonth = BytesPerMonth ?? wider.BytesPerMonth,
        BudgetAlarmPercent = BudgetAlarmPercent ?? wider.BudgetAlarmPercent,
        BudgetThrottleBytesPerSecond = BudgetThrottleBytesPerSecond ?? wider.BudgetThrottleBytesPerSecond,
        MaximumSubscriptions = MaximumSubscriptions ?? wider.MaximumSubscriptions,
        MaximumTopicLevels = MaximumTopicLevels ?? wider.MaximumTopicLevels,
        MaximumTopicBytes = MaximumTopicBytes ?? wider.MaximumTopicBytes,
        MaximumPacketSizeBytes = MaximumPacketSizeBytes ?? wider.MaximumPacketSizeBytes,
        ReceiveMaximum = ReceiveMaximum ?? wider.ReceiveMaximum,
        MaximumInflight = MaximumInflight ?? wider.MaximumInflight,
        MaximumQueuedMessages = MaximumQueuedMessages ?? wider.MaximumQueuedMessages,
        MaximumQueuedBytes = MaximumQueuedBytes ?? wider.MaximumQueuedBytes,
        MaximumRetainedMessages = MaximumRetainedMessages ?? wider.MaximumRetainedMessages,
        MaximumRetainedBytes = MaximumRetainedBytes ?? wider.MaximumRetainedBytes,
        MaximumQos = MaximumQos ?? wider.MaximumQos,
        RetainAvailable = RetainAvailable ?? wider.RetainAvailable,
        WildcardSubscriptionAvailable = WildcardSubscriptionAvailable ?? wider.WildcardSubscriptionAvailable,
        SharedSubscriptionAvailable = SharedSubscriptionAvailable ?? wider.SharedSubscriptionAvailable,
        MinimumKeepAliveSeconds = MinimumKeepAliveSeconds ?? wider.MinimumKeepAliveSeconds,
        MaximumKeepAliveSeconds = MaximumKeepAliveSeconds ?? wider.MaximumKeepAliveSeconds,
    };
}
