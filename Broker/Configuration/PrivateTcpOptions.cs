namespace Broker.Configuration;

/// <summary>Settings of the private TCP gateway, with EMQ X's shipped values.</summary>
public sealed class PrivateTcpOptions
{
    /// <summary>Longest wait for CONNECT, in seconds (idle_timeout). 1 to 3600, default 15.</summary>
    [AllowedRange(1, 3600)]
    public int IdleTimeoutSeconds { get; set; } = 15;

    /// <summary>Topic of what devices send (up_topic). `%c` is the ClientId, `%u` the Username. Default: tcp/%c/up.</summary>
    [ValueFormat(ValueFormat.TopicTemplate)]
    public string UplinkTopic { get; set; } = "tcp/%c/up";

    /// <summary>Topic of what is sent to a device (dn_topic). Default: tcp/%c/dn.</summary>
    [ValueFormat(ValueFormat.TopicTemplate)]
    public string DownlinkTopic { get; set; } = "tcp/%c/dn";

    /// <summary>Largest Len of a frame (max_packet_size). 16 to 65535, default 65535.</summary>
    [AllowedRange(16, 65_535)]
    public int MaximumPacketSizeBytes { get; set; } = 65_535;

    /// <summary>Count each connection's frames and bytes and log them when it ends (enable_stats). Default: true.</summary>
    public bool EnableStats { get; set; } = true;

    /// <summary>After this many messages a connection gives back its buffers and trims its queue (force_gc_policy). 0 = never, default 1000.</summary>
    [AllowedRange(1, int.MaxValue, ZeroMeans = "never")]
    public int ForceGcMessages { get; set; } = 1000;

    /// <summary>The same after this many bytes. 0 = never, default 1048576.</summary>
    [AllowedRange(1, long.MaxValue, ZeroMeans = "never")]
    public long ForceGcBytes { get; set; } = 1_048_576;

    /// <summary>A connection with more undelivered downlinks is closed (force_shutdown_policy). 0 = no limit, default 8000.</summary>
    [AllowedRange(1, int.MaxValue, ZeroMeans = "no limit")]
    public int ForceShutdownMessages { get; set; } = 8000;

    /// <summary>The same above this many undelivered bytes. 0 = no limit, default 838860800.</summary>
    [AllowedRange(1, long.MaxValue, ZeroMeans = "no limit")]
    public long ForceShutdownBytes { get; set; } = 800L * 1024 * 1024;

    /// <summary>QoS that uplinks are published with. 0 to 2, default 0.</summary>
    [AllowedRange(0, 2)]
    public int UplinkQos { get; set; }

    /// <summary>RETAIN flag that uplinks are published with. Default: false.</summary>
    public bool UplinkRetain { get; set; }

    /// <summary>MQTT 5.0 User Properties added to uplinks, of `protocol`, `clientid`, `username`, `peer`. Default: none.</summary>
    [ValueFormat(ValueFormat.UserPropertyName)]
    public List<string> UplinkUserProperties { get; set; } = [];

    /// <summary>Allow `/` in a ClientId or Username that a topic template uses. Default: false.</summary>
    public bool AllowSlashInTopicValues { get; set; }

    /// <summary>Accept the 3.x dialect, whose CONNECT begins with 0x10. Default: true.</summary>
    public bool AcceptLegacyConnect { get; set; } = true;

    /// <summary>Keep downlinks for devices that are offline. Default: false, they are lost as in EMQ X.</summary>
    public bool KeepOfflineDownlinks { get; set; }

    /// <summary>QoS of the downlink subscription. 0 to 2, default 0; at least 1 where offline downlinks are kept.</summary>
    [AllowedRange(0, 2)]
    public int DownlinkQos { get; set; }

    /// <summary>How long an offline device's downlinks are kept, in seconds. 1 to 4294967295 (never), default 7200.</summary>
    [AllowedRange(1, 4_294_967_295)]
    public uint OfflineExpirySeconds { get; set; } = 7200;

    /// <summary>Downlinks kept for one offline device at most. 1 to 10000000, default 1000.</summary>
    [AllowedRange(1, 10_000_000)]
    public int OfflineMaximumMessages { get; set; } = 1000;
}
