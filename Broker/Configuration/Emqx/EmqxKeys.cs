namespace Broker.Configuration.Emqx;

/// <summary>The settings of EMQ X 3.x and 4.x's emqx_tcp.conf and what they become.</summary>
internal static class EmqxKeys
{
    private const string Runtime = "it tunes EMQ X's runtime";
    private const string OpenSsl = "the system's TLS library decides";

    /// <summary>`tcp.proto.*`, into the section `PrivateTcp`.</summary>
    public static readonly IReadOnlyDictionary<string, EmqxMapping> Protocol = new Dictionary<string, EmqxMapping>
    {
        ["idle_timeout"] = EmqxMapping.Duration(nameof(PrivateTcpOptions.IdleTimeoutSeconds)),
        ["up_topic"] = EmqxMapping.Text(nameof(PrivateTcpOptions.UplinkTopic)),
        ["dn_topic"] = EmqxMapping.Text(nameof(PrivateTcpOptions.DownlinkTopic)),
        ["max_packet_size"] = EmqxMapping.Size(nameof(PrivateTcpOptions.MaximumPacketSizeBytes)),
        ["enable_stats"] = EmqxMapping.Flag(nameof(PrivateTcpOptions.EnableStats)),
    };

    /// <summary>`tcp.proto.*` of the form `messages|size`: the two options that they become.</summary>
    public static readonly IReadOnlyDictionary<string, (string Messages, string Bytes)> Policies =
        new Dictionary<string, (string Messages, string Bytes)>
        {
            ["force_gc_policy"] = (nameof(PrivateTcpOptions.ForceGcMessages), nameof(PrivateTcpOptions.ForceGcBytes)),
            ["force_shutdown_policy"] = (nameof(PrivateTcpOptions.ForceShutdownMessages), nameof(PrivateTcpOptions.ForceShutdownBytes)),
        };

    /// <summary>`tcp.listener.*`, into a listener's section; `access.N` apart.</summary>
    public static readonly IReadOnlyDictionary<string, EmqxMapping> Listener = new Dictionary<string, EmqxMapping>
    {
        ["max_connections"] = EmqxMapping.Text(nameof(ListenerOptions.MaxConnections)),
        ["max_conn_rate"] = EmqxMapping.Text(nameof(ListenerOptions.MaxConnectionsPerSecond)),
        ["proxy_protocol"] = EmqxMapping.Flag(nameof(ListenerOptions.ProxyProtocol)),
        ["proxy_protocol_timeout"] = EmqxMapping.Duration(nameof(ListenerOptions.ProxyProtocolTimeoutSeconds)),
        ["backlog"] = EmqxMapping.Text(nameof(ListenerOptions.Backlog)),
        ["send_timeout"] = EmqxMapping.Duration(nameof(ListenerOptions.SendTimeoutSeconds)),
        ["send_timeout_close"] = EmqxMapping.Flag(nameof(ListenerOptions.SendTimeoutClose)),
        ["recbuf"] = EmqxMapping.Size(nameof(ListenerOptions.ReceiveBufferBytes)),
        ["sndbuf"] = EmqxMapping.Size(nameof(ListenerOptions.SendBufferBytes)),
        ["nodelay"] = EmqxMapping.Flag(nameof(ListenerOptions.NoDelay)),
        ["reuseaddr"] = EmqxMapping.Flag(nameof(ListenerOptions.ReuseAddress)),
        ["acceptors"] = EmqxMapping.Meaningless("connections are accepted without a pool"),
        ["active_n"] = EmqxMapping.Meaningless("sockets are read without a message counter"),
        ["buffer"] = EmqxMapping.Meaningless("receive buffers are rented as needed"),
        ["tune_buffer"] = EmqxMapping.Meaningless("receive buffers are rented as needed"),
        ["high_watermark"] = EmqxMapping.Meaningless("Sessions:MaximumPendingBytes bounds what waits for a socket"),
        ["rate_limit"] = EmqxMapping.Meaningless("max_conn_rate limits connections; traffic is not limited per listener"),
        ["zone"] = EmqxMapping.Meaningless("there are no zones"),
        ["mountpoint"] = EmqxMapping.Meaningless("put the prefix into the topic templates"),
        ["hibernate_after"] = EmqxMapping.Meaningless(Runtime),
    };

    /// <summary>`tcp.listener.ssl.*` besides those of every listener, into the section `Tls` of a listener; verify and names of lists apart.</summary>
    public static readonly IReadOnlyDictionary<string, EmqxMapping> Tls = new Dictionary<string, EmqxMapping>
    {
        ["handshake_timeout"] = EmqxMapping.Duration(nameof(TlsOptions.HandshakeTimeoutSeconds)),
        ["keyfile"] = EmqxMapping.Text(nameof(TlsOptions.KeyFile)),
        ["certfile"] = EmqxMapping.Text(nameof(TlsOptions.CertificateFile)),
        ["cacertfile"] = EmqxMapping.Text(nameof(TlsOptions.CaFile)),
        ["key_password"] = EmqxMapping.Text(nameof(TlsOptions.KeyPassword)),
        ["peer_cert_as_username"] = new EmqxMapping(nameof(TlsOptions.CertificateUsername), CertificateUsernameOf, "cn or dn"),
        ["psk_ciphers"] = EmqxMapping.Meaningless("pre-shared keys are not supported"),
        ["dhfile"] = EmqxMapping.Meaningless(OpenSsl),
        ["depth"] = EmqxMapping.Meaningless(OpenSsl),
        ["secure_renegotiate"] = EmqxMapping.Meaningless("renegotiation is always refused"),
        ["client_renegotiation"] = EmqxMapping.Meaningless("renegotiation is always refused"),
        ["reuse_sessions"] = EmqxMapping.Meaningless(OpenSsl),
        ["honor_cipher_order"] = EmqxMapping.Meaningless(OpenSsl),
    };

    private static string? CertificateUsernameOf(string value) => value switch
    {
        "cn" => nameof(CertificateName.CommonName),
        "dn" => nameof(CertificateName.DistinguishedName),
        _ => null,
    };
}
