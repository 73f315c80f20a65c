namespace Broker.Configuration;

/// <summary>MQTT limits and features: announced in CONNACK exactly as they are enforced.</summary>
public sealed class MqttOptions
{
    /// <summary>Largest packet a client may send, in bytes, fixed header included. 1024 to 268435460, default 1048576 + 65536.</summary>
    [AllowedRange(1024, 268_435_460)]
    public int MaximumPacketSizeBytes { get; set; } = 1_048_576 + 65_536;

    /// <summary>Largest CONNECT packet, in bytes: what an unauthenticated connection may make the broker hold. 256 to 1048576, default 8192.</summary>
    [AllowedRange(256, 1_048_576)]
    public int MaximumConnectPacketSizeBytes { get; set; } = 8192;

    /// <summary>Longest wait for CONNECT, in seconds. 1 to 3600, default 15.</summary>
    [AllowedRange(1, 3600)]
    public int ConnectTimeoutSeconds { get; set; } = 15;

    /// <summary>QoS 1 and 2 publishes a client may have unacknowledged towards the broker (Receive Maximum). 1 to 65535, default 1024.</summary>
    [AllowedRange(1, 65_535)]
    public int ReceiveMaximum { get; set; } = 1024;

    /// <summary>
    /// QoS 1 and 2 publishes the broker has unacknowledged towards one client at most, also when the client allows more. 1 to 65535, default 1024.
    /// </summary>
    [AllowedRange(1, 65_535)]
    public int MaximumInflight { get; set; } = 1024;

    /// <summary>Highest QoS (Maximum QoS). 0 to 2, default 2.</summary>
    [AllowedRange(0, 2)]
    public int MaximumQos { get; set; } = 2;

    /// <summary>Retained messages are available (Retain Available). Default: true.</summary>
    public bool RetainAvailable { get; set; } = true;

    /// <summary>Wildcard subscriptions are available. Default: true.</summary>
    public bool WildcardSubscriptionAvailable { get; set; } = true;

    /// <summary>Shared subscriptions are available. Default: true.</summary>
    public bool SharedSubscriptionAvailable { get; set; } = true;

    /// <summary>Subscription Identifiers are available. Default: true.</summary>
    public bool SubscriptionIdentifierAvailable { get; set; } = true;

    /// <summary>Topic aliases a client may use towards the broker (Topic Alias Maximum). 0 to 65535, default 64.</summary>
    [AllowedRange(0, 65_535)]
    public int TopicAliasMaximum { get; set; } = 64;

    /// <summary>Topic aliases the broker uses towards one client at most, if the client allows them. 0 to 65535, default 32.</summary>
    [AllowedRange(0, 65_535)]
    public int OutboundTopicAliasMaximum { get; set; } = 32;

    /// <summary>Refuse messages that claim to be UTF-8 (Payload Format Indicator 1) and are not, with reason code 0x99. Default: false.</summary>
    public bool CheckPayloadFormat { get; set; }

    /// <summary>
    /// Response Information for clients that ask for it, the root of their response topics; `%c` stands for the ClientId. Default: none.
    /// </summary>
    public string? ResponseInformation { get; set; }

    /// <summary>Longest Keep Alive, in seconds; a longer one, or none, is replaced (Server Keep Alive, MQTT 5.0; earlier clients are not told). 0 = no limit, to 65535, default 0.</summary>
    [AllowedRange(1, 65_535, ZeroMeans = "no limit")]
    public int MaximumKeepAliveSeconds { get; set; }

    /// <summary>Levels of a topic at most. 1 to 65535, default 256.</summary>
    [AllowedRange(1, 65_535)]
    public int MaximumTopicLevels { get; set; } = 256;

    /// <summary>Longest ClientId, in bytes. 23 to 65535, default 512.</summary>
    [AllowedRange(23, 65_535)]
    public int MaximumClientIdBytes { get; set; } = 512;
}
