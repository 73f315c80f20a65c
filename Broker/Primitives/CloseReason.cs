namespace Broker.Primitives;

/// <summary>Why the broker ends a connection. Gateways map it to the codes of their protocol.</summary>
public enum CloseReason : byte
{
    /// <summary>The peer closed the connection without saying why.</summary>
    PeerClosed,

    /// <summary>The client said goodbye (DISCONNECT).</summary>
    ClientDisconnected,

    /// <summary>Bytes that cannot be parsed.</summary>
    MalformedPacket,

    /// <summary>Well-formed, but not allowed at this point.</summary>
    ProtocolError,

    /// <summary>A second connection uses the same ClientId.</summary>
    SessionTakenOver,

    /// <summary>Nothing arrived within 1.5 times the keep-alive.</summary>
    KeepAliveTimeout,

    /// <summary>No CONNECT within the idle timeout.</summary>
    IdleTimeout,

    /// <summary>The broker is shutting down.</summary>
    ServerShuttingDown,

    /// <summary>A packet above the Maximum Packet Size.</summary>
    PacketTooLarge,

    /// <summary>More unacknowledged QoS 1 and 2 publishes than the Receive Maximum.</summary>
    ReceiveMaximumExceeded,

    /// <summary>A quota or rate limit is exceeded.</summary>
    QuotaExceeded,

    /// <summary>Not allowed by authentication or access rules.</summary>
    NotAuthorized,

    /// <summary>The client does not take its bytes: send timeout, or undelivered messages above the limit.</summary>
    SlowConsumer,

    /// <summary>An operator or the embedding host ended it.</summary>
    AdministrativeAction,

    /// <summary>The Topic Name is not valid.</summary>
    TopicNameInvalid,

    /// <summary>The Topic Filter is not valid.</summary>
    TopicFilterInvalid,

    /// <summary>A Topic Alias of 0 or above the Topic Alias Maximum.</summary>
    TopicAliasInvalid,

    /// <summary>QoS above the Maximum QoS.</summary>
    QosNotSupported,

    /// <summary>RETAIN although Retain Available is 0.</summary>
    RetainNotSupported,

    /// <summary>A shared subscription although they are not available.</summary>
    SharedSubscriptionsNotSupported,

    /// <summary>A Subscription Identifier although they are not available.</summary>
    SubscriptionIdentifiersNotSupported,

    /// <summary>A wildcard subscription although they are not available.</summary>
    WildcardSubscriptionsNotSupported,

    /// <summary>The socket failed, or an error of the broker itself that concerns only this connection.</summary>
    ConnectionError,

    /// <summary>The payload claims to be UTF-8 and is not.</summary>
    PayloadFormatInvalid,

    /// <summary>The broker has too much to do; another time may do.</summary>
    ServerBusy,

    /// <summary>The client is to use another server for now.</summary>
    UseAnotherServer,

    /// <summary>The client is to use another server from now on.</summary>
    ServerMoved,
}
