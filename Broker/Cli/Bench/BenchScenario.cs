namespace Broker.Cli.Bench;

/// <summary>Shapes of load.</summary>
internal enum BenchScenario
{
    /// <summary>All clients publish, one subscriber receives.</summary>
    FanIn,

    /// <summary>One publisher, all clients subscribe to its topic.</summary>
    FanOut,

    /// <summary>Each client is a publisher and a subscriber with a topic of their own.</summary>
    Pairs,

    /// <summary>Clients connect, subscribe where asked to, and stay.</summary>
    Connect,

    /// <summary>All clients are private-TCP devices that send uplinks; one MQTT subscriber receives.</summary>
    Gateway,

    /// <summary>One MQTT publisher sends downlinks to all clients, which are private-TCP devices.</summary>
    GatewayDown,

    /// <summary>One publisher sends to the persistent sessions of all clients, which are away: what counts is acknowledged, not delivered.</summary>
    Offline,
}
