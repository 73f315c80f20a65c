namespace Broker.Configuration;

/// <summary>One listener: where it binds, what it serves, what it admits.</summary>
public sealed class ListenerOptions
{
    /// <summary>What the listener serves. Default: Mqtt.</summary>
    public ListenerProtocol Protocol { get; set; } = ListenerProtocol.Mqtt;

    /// <summary>IP address to bind, or `*` for all. Default: `*` when authentication is configured, else the loopback addresses.</summary>
    [ValueFormat(ValueFormat.IpAddressOrAny)]
    public string? Address { get; set; }

    /// <summary>TCP port, 0 to 65535; 0 lets the system choose.</summary>
    [AllowedRange(0, 65_535)]
    public int Port { get; set; }

    /// <summary>
    /// Ways to log in on this listener, in the order in which they are asked; the certificate, where `Tls` takes a Username from it, comes before them.
    /// Default: none given, which means all that section `Broker:Authentication` configures, in its order.
    /// </summary>
    public List<AuthenticationMethod> Authentication { get; set; } = [];

    /// <summary>TLS of this listener. A listener without a certificate of its own speaks plain TCP. Default: none.</summary>
    public TlsOptions Tls { get; set; } = new();

    /// <summary>Connections at once. 1 to 10000000, default 1024000.</summary>
    [AllowedRange(1, 10_000_000)]
    public int MaxConnections { get; set; } = 1_024_000;

    /// <summary>New connections per second; those above wait in the accept queue. 1 to 1000000, default 1000; 0 = no limit.</summary>
    [AllowedRange(1, 1_000_000, ZeroMeans = "no limit")]
    public int MaxConnectionsPerSecond { get; set; } = 1000;

    /// <summary>Connections at once from one address; an IPv6 /64 counts as one. 1 to 10000000, default 0.</summary>
    [AllowedRange(1, 10_000_000, ZeroMeans = "no limit")]
    public int MaxConnectionsPerAddress { get; set; }

    /// <summary>New connections per second from one address, a second's worth at once; those above are refused. 1 to 1000000, default 0.</summary>
    [AllowedRange(1, 1_000_000, ZeroMeans = "no limit")]
    public int MaxConnectionsPerSecondPerAddress { get; set; }

    /// <summary>Connections at once that have not been let in by their CONNECT yet, TLS handshakes included. 1 to 10000000, default 0.</summary>
    [AllowedRange(1, 10_000_000, ZeroMeans = "no limit")]
    public int MaxHalfOpenConnections { get; set; }

    /// <summary>The same from one address. 1 to 10000000, default 0.</summary>
    [AllowedRange(1, 10_000_000, ZeroMeans = "no limit")]
    public int MaxHalfOpenConnectionsPerAddress { get; set; }

    /// <summary>Access rules `allow|deny CIDR|all`, first match wins, no match allows. Default: `allow all`.</summary>
    [ValueFormat(ValueFormat.AccessRule)]
    public List<string> AccessRules { get; set; } = [];

    /// <summary>Expect a PROXY protocol v1 or v2 header. On a multiplexed listener it is optional, elsewhere required. Default: off.</summary>
    public bool ProxyProtocol { get; set; }

    /// <summary>Longest wait for the PROXY protocol header, in seconds. 1 to 300, default 3.</summary>
    [AllowedRange(1, 300)]
    public int ProxyProtocolTimeoutSeconds { get; set; } = 3;

    /// <summary>CIDRs whose PROXY protocol header is believed. Default: none given, which trusts loopback only.</summary>
    [ValueFormat(ValueFormat.Network)]
    public List<string> ProxyProtocolTrustedPeers { get; set; } = [];

    /// <summary>Length of the listen queue. 1 to 65535, default 1024.</summary>
    [AllowedRange(1, 65_535)]
    public int Backlog { get; set; } = 1024;

    /// <summary>Longest time, in seconds, that a peer may take no bytes while some wait for it. 1 to 3600, default 15.</summary>
    [AllowedRange(1, 3600)]
    public int SendTimeoutSeconds { get; set; } = 15;

    /// <summary>Close the connection on a send timeout. Default: true.</summary>
    public bool SendTimeoutClose { get; set; } = true;

    /// <summary>SO_SNDBUF in bytes. 0 = the system's choice (default), else 1024 to 1073741824.</summary>
    [AllowedRange(1024, 1_073_741_824, ZeroMeans = "the system's choice")]
    public int SendBufferBytes { get; set; }

    /// <summary>SO_RCVBUF in bytes. 0 = the system's choice (default), else 1024 to 1073741824.</summary>
    [AllowedRange(1024, 1_073_741_824, ZeroMeans = "the system's choice")]
    public int ReceiveBufferBytes { get; set; }

    /// <summary>TCP_NODELAY. Default: true.</summary>
    public bool NoDelay { get; set; } = true;

    /// <summary>SO_REUSEADDR. Default: true.</summary>
    public bool ReuseAddress { get; set; } = true;

    /// <summary>What one client may use on this listener; what is not given comes from the section `Broker:Limits`.</summary>
    public ClientLimits Limits { get; set; } = new();

    /// <summary>Private TCP settings of this listener; what is not given comes from the section `Broker:PrivateTcp`.</summary>
    public PrivateTcpOptions? PrivateTcp { get; set; }
}
