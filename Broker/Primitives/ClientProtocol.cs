namespace Broker.Primitives;

/// <summary>What a client speaks. Values are used as labels of metrics and rules.</summary>
public enum ClientProtocol : byte
{
    /// <summary>MQTT 3.1 (protocol level 3).</summary>
    Mqtt31 = 3,

    /// <summary>MQTT 3.1.1 (protocol level 4).</summary>
    Mqtt311 = 4,

    /// <summary>MQTT 5.0 (protocol level 5).</summary>
    Mqtt5 = 5,

    /// <summary>The private TCP protocol of EMQ X (emqx-tcp, 201908).</summary>
    PrivateTcp = 16,

    /// <summary>The broker itself or the host it is embedded in.</summary>
    Internal = 255,
}
