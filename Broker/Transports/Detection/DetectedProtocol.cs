namespace Broker.Transports.Detection;

/// <summary>What the first bytes of a connection speak.</summary>
internal enum DetectedProtocol
{
    /// <summary>The bytes so far fit more than one protocol.</summary>
    NeedMore,

    /// <summary>MQTT 3.1, 3.1.1 or 5.0.</summary>
    Mqtt,

    /// <summary>Private TCP, either dialect.</summary>
    PrivateTcp,

    /// <summary>A TLS ClientHello.</summary>
    Tls,

    /// <summary>An HTTP/1.1 request.</summary>
    Http,

    /// <summary>A PROXY protocol header in text form.</summary>
    ProxyV1,

    /// <summary>A PROXY protocol header in binary form.</summary>
    ProxyV2,

    /// <summary>Nothing that the broker serves.</summary>
    Unknown,
}
