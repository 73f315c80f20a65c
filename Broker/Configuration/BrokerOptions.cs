namespace Broker.Configuration;

/// <summary>Everything that can be configured: section `Broker` of the configuration file.</summary>
public sealed class BrokerOptions
{
    /// <summary>Name of the section in files and the prefix of environment variables (`BROKER__`).</summary>
    public const string SectionName = "Broker";

    /// <summary>
    /// One port for everything (1 to 65535; also the environment variable `EXT_PORT`). When set, it is the only port the broker opens,
    /// besides the operators' HTTP if that is configured; a listener named `one-port` gives it its settings. Default: not set.
    /// </summary>
    [AllowedRange(1, 65_535)]
    public int? ExtPort { get; set; }

    /// <summary>Listeners by name. Default: none configured, which opens the default listeners.</summary>
    public Dictionary<string, ListenerOptions> Listeners { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Certificate of the default listeners' TLS twins and of TLS on the one port. Default: none, no TLS.</summary>
    public TlsOptions Tls { get; set; } = new();

    /// <summary>What carries plain MQTT and private TCP connections; TLS, PROXY protocol, WebSocket and HTTP are Kestrel's. Default: Auto.</summary>
    public TransportKind Transport { get; set; } = TransportKind.Auto;

    /// <summary>Event loops of the epoll transport, a thread each. 1 to 64; 0 = one up to two cores, else one per two cores (default).</summary>
    [AllowedRange(1, 64, ZeroMeans = "one up to two cores, else one per two cores")]
    public int TransportLoops { get; set; }

    /// <summary>
    /// Longest time, in microseconds, that a busy event loop waits for more to arrive before it looks again: less CPU per message for more
    /// latency. Only while it wakes more than about 5,000 times a second. 0 to 200, default 0.
    /// </summary>
    [AllowedRange(0, 200)]
    public int TransportLingerMicroseconds { get; set; }

    /// <summary>MQTT limits and features, as announced in CONNACK.</summary>
    public MqttOptions Mqtt { get; set; } = new();

    /// <summary>Sessions and their queues, for every protocol.</summary>
    public SessionOptions Sessions { get; set; } = new();

    /// <summary>Durable storage of sessions, queued and retained messages.</summary>
    public StorageOptions Storage { get; set; } = new();

    /// <summary>What one client may use, on every listener; a listener's own `Limits` section overrides it.</summary>
    public ClientLimits Limits { get; set; } = new();

    /// <summary>Limits of single clients by Username, before those of their listener. Keys as in `Limits`.</summary>
    public Dictionary<string, ClientLimits> UserLimits { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Retained messages of all clients together.</summary>
    public RetainedOptions Retained { get; set; } = new();

    /// <summary>How many clients are let in at a time, and the memory they may take.</summary>
    public AdmissionOptions Admission { get; set; } = new();

    /// <summary>Settings of the private TCP gateway; a listener's own `PrivateTcp` section overrides them.</summary>
    public PrivateTcpOptions PrivateTcp { get; set; } = new();

    /// <summary>Who may connect.</summary>
    public AuthenticationOptions Authentication { get; set; } = new();

    /// <summary>What clients may do.</summary>
    public AuthorizationOptions Authorization { get; set; } = new();

    /// <summary>HTTP for operators: health and metrics.</summary>
    public AdminOptions Admin { get; set; } = new();

    /// <summary>Seconds between two publications of the broker's figures below `$SYS/broker`. 0 = off, to 86400, default 10.</summary>
    [AllowedRange(1, 86_400, ZeroMeans = "off")]
    public int SystemTopicsIntervalSeconds { get; set; } = 10;

    /// <summary>Longest time, in seconds, that a shutdown waits for connections to be flushed and closed. 0 to 3600, default 10.</summary>
    [AllowedRange(0, 3600)]
    public int ShutdownTimeoutSeconds { get; set; } = 10;

    /// <summary>True when something tells a known client from a stranger: what <see cref="Authentication"/> names, or certificates.</summary>
    internal bool AuthenticatesClients =>
        Authentication.IsConfigured || NamesUsers(Tls) || Listeners.Values.Any(static listener => NamesUsers(listener.Tls));

    private static bool NamesUsers(TlsOptions tls) => tls.CertificateUsername != CertificateName.None;
}
