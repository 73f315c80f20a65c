namespace Broker.Configuration;

/// <summary>What carries plain MQTT and private TCP connections.</summary>
public enum TransportKind
{
    /// <summary>Epoll where the system has it, else Sockets.</summary>
    Auto,

    /// <summary>The broker's own event loops: Linux on x64 or arm64.</summary>
    Epoll,

    /// <summary>Kestrel's sockets, which serve TLS, WebSocket and HTTP in any case.</summary>
    Sockets,
}
