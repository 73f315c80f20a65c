namespace Broker.Configuration;

/// <summary>What a listener serves.</summary>
public enum ListenerProtocol
{
    /// <summary>MQTT 3.1, 3.1.1 and 5.0 over TCP or TLS.</summary>
    Mqtt,

    /// <summary>The private TCP protocol of EMQ X over TCP or TLS.</summary>
    PrivateTcp,

    /// <summary>MQTT over WebSocket on `/mqtt`, with or without TLS.</summary>
    WebSocket,

    /// <summary>All of them on one port, TLS included, told apart by their first bytes.</summary>
    Multiplexed,
}
