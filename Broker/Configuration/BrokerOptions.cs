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

    /// <summary>MQTT limits and features, as announced in CONNACK.</summary>
    public MqttOptions Mqtt { get; set; } = new();

    /// <summary>Sessions and their queues, for every protocol.</summary>
    public SessionOptions Sessions { get; set; } = new();

    /// <summary>Settings of the private TCP gateway; a listener's own `PrivateTcp` section overrides them.</summary>
    public PrivateTcpOptions PrivateTcp { get; set; } = new();

    /// <summary>Who may connect.</summary>
    public AuthenticationOptions Authentication { get; set; } = new();

    /// <summary>What clients may do.</summary>
    public AuthorizationOptions Authorization { get; set; } = new();

    /// <summary>HTTP for operators: health and metrics.</summary>
    public AdminOptions Admin { get; set; } = new();

    /// <summary>Longest time, in seconds, that a shutdown waits for connections to be flushed and closed. 0 to 3600, default 10.</summary>
    [AllowedRange(0, 3600)]
    public int ShutdownTimeoutSeconds { get; set; } = 10;
}
