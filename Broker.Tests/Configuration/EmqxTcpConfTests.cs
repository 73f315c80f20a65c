using Broker.Configuration;
using Broker.Configuration.Loading;
using NUnit.Framework;

namespace Broker.Tests.Configuration;

public sealed class EmqxTcpConfTests
{
    private const string Shipped = """
        ##--------------------------------------------------------------------
        ## Protocol
        ##--------------------------------------------------------------------
        tcp.proto.idle_timeout = 15s
        tcp.proto.up_topic = tcp/%c/up
        tcp.proto.dn_topic = tcp/%c/dn
        tcp.proto.max_packet_size = 65535
        tcp.proto.enable_stats = on
        tcp.proto.force_gc_policy = 1000|1MB
        ## tcp.proto.force_shutdown_policy = 8000|800MB

        tcp.listener.external = 0.0.0.0:8090
        tcp.listener.external.acceptors = 8
        tcp.listener.external.max_connections = 1024000
        tcp.listener.external.max_conn_rate = 1000
        tcp.listener.external.active_n = 100
        tcp.listener.external.access.1 = allow all
        tcp.listener.external.backlog = 1024
        tcp.listener.external.send_timeout = 15s
        tcp.listener.external.send_timeout_close = on
        #tcp.listener.external.recbuf = 2KB
        tcp.listener.external.nodelay = true
        tcp.listener.external.reuseaddr = true
        """;

    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void SetUp() => _directory = new TemporaryDirectory();

    [TearDown]
    public void TearDown() => _directory.Dispose();

    [Test]
    public void The_shipped_file_is_valid_and_opens_its_listener()
    {
        ConfigurationResult result = Load(Shipped);

        Assert.That(result.Errors, Is.Empty);
        ListenerOptions listener = result.Options.Listeners["tcp-external"];
        Assert.That((listener.Protocol, listener.Address, listener.Port), Is.EqualTo((ListenerProtocol.PrivateTcp, "0.0.0.0", 8090)));
        Assert.That(listener.AccessRules, Is.EqualTo(["allow all"]));
        Assert.That(result.Options.PrivateTcp.ForceGcBytes, Is.EqualTo(1_048_576));
    }

    [Test]
    public void MQTT_clients_find_the_default_listeners_beside_it()
    {
        Assert.That(Load(Shipped).Options.Listeners.Keys, Is.EquivalentTo(["tcp-external", "mqtt", "websocket", "one-port"]));
        Assert.That(Load(Shipped, "Listeners:own:Port=1884").Options.Listeners.Keys, Is.EquivalentTo(["tcp-external", "own"]));
        Assert.That(Load("tcp.proto.idle_timeout = 15s").Options.Listeners, Is.Empty);
    }

    [Test]
    public void Meaningless_and_unknown_keys_are_named_in_warnings()
    {
        IReadOnlyList<string> warnings = Load("""
            tcp.proto.colour = red
            mqtt.port = 1883
            tcp.listener.external = 8090
            tcp.listener.external.acceptors = 8
            tcp.listener.external.taste = sweet
            tcp.listener.lost.backlog = 5
            gibberish
            """, "Authentication:AllowAnonymous=true").Warnings;

        Assert.That(warnings, Is.EquivalentTo([
            "emqx_tcp.conf line 1: tcp.proto.colour is unknown and ignored",
            "emqx_tcp.conf line 2: mqtt.port is unknown and ignored",
            "emqx_tcp.conf line 4: tcp.listener.external.acceptors has no meaning here: connections are accepted without a pool",
            "emqx_tcp.conf line 5: tcp.listener.external.taste is unknown and ignored",
            "emqx_tcp.conf: tcp.listener.lost.backlog belongs to a listener without an address and is ignored",
            "emqx_tcp.conf line 7 is skipped: no key = value",
        ]));
    }

    [Test]
    public void The_protocol_settings_become_PrivateTcp()
    {
        PrivateTcpOptions options = Load("""
            tcp.proto.idle_timeout = 1m30s
            tcp.proto.up_topic = up/%u/%c
            tcp.proto.dn_topic = dn/%u/%c
            tcp.proto.max_packet_size = 32KB
            tcp.proto.enable_stats = off
            tcp.proto.force_gc_policy = 7|2MB
            tcp.proto.force_shutdown_policy = 9|1GB
            """).Options.PrivateTcp;

        Assert.That(options.IdleTimeoutSeconds, Is.EqualTo(90));
        Assert.That((options.UplinkTopic, options.DownlinkTopic), Is.EqualTo(("up/%u/%c", "dn/%u/%c")));
        Assert.That((options.MaximumPacketSizeBytes, options.EnableStats), Is.EqualTo((32768, false)));
        Assert.That((options.ForceGcMessages, options.ForceGcBytes), Is.EqualTo((7, 2L * 1024 * 1024)));
        Assert.That((options.ForceShutdownMessages, options.ForceShutdownBytes), Is.EqualTo((9, 1024L * 1024 * 1024)));
    }

    [Test]
    public void A_listeners_settings_become_its_options()
    {
        ListenerOptions listener = Load("""
            tcp.listener.tcp.field = [::1]:8092
            tcp.listener.tcp.field.max_connections = 5
            tcp.listener.tcp.field.max_conn_rate = 6
            tcp.listener.tcp.field.access.10 = deny all
            tcp.listener.tcp.field.access.2 = allow 10.0.0.0/8
            tcp.listener.tcp.field.proxy_protocol = on
            tcp.listener.tcp.field.proxy_protocol_timeout = 4s
            tcp.listener.tcp.field.backlog = 7
            tcp.listener.tcp.field.send_timeout = 8s
            tcp.listener.tcp.field.send_timeout_close = off
            tcp.listener.tcp.field.recbuf = 2KB
            tcp.listener.tcp.field.sndbuf = 4KB
            tcp.listener.tcp.field.nodelay = false
            tcp.listener.tcp.field.reuseaddr = false
            """).Options.Listeners["tcp-field"];

        Assert.That((listener.Address, listener.Port), Is.EqualTo(("::1", 8092)));
        Assert.That((listener.MaxConnections, listener.MaxConnectionsPerSecond, listener.Backlog), Is.EqualTo((5, 6, 7)));
        Assert.That(listener.AccessRules, Is.EqualTo(["allow 10.0.0.0/8", "deny all"]));
        Assert.That((listener.ProxyProtocol, listener.ProxyProtocolTimeoutSeconds), Is.EqualTo((true, 4)));
        Assert.That((listener.SendTimeoutSeconds, listener.SendTimeoutClose), Is.EqualTo((8, false)));
        Assert.That((listener.ReceiveBufferBytes, listener.SendBufferBytes), Is.EqualTo((2048, 4096)));
        Assert.That((listener.NoDelay, listener.ReuseAddress), Is.EqualTo((false, false)));
    }

    [Test]
    public void An_ssl_listener_becomes_a_listener_with_TLS()
    {
        string pem = _directory.Write("x.pem", "");
        ConfigurationResult result = Load($"""
            tcp.listener.ssl.external = 8091
            tcp.listener.ssl.external.handshake_timeout = 20s
            tcp.listener.ssl.external.keyfile = {pem}
            tcp.listener.ssl.external.certfile = {pem}
            tcp.listener.ssl.external.cacertfile = {pem}
            tcp.listener.ssl.external.verify = verify_peer
            tcp.listener.ssl.external.fail_if_no_peer_cert = true
            tcp.listener.ssl.external.tls_versions = tlsv1.3,tlsv1.2,tlsv1.1
            tcp.listener.ssl.external.ciphers = ECDHE-RSA-AES256-GCM-SHA384,AES128-SHA,NO-SUCH
            tcp.listener.ssl.external.psk_ciphers = PSK-AES128-CBC-SHA
            tcp.listener.ssl.external.peer_cert_as_username = cn
            """, "Authentication:AllowAnonymous=true");

        Assert.That(result.Errors, Is.Empty);
        ListenerOptions listener = result.Options.Listeners["ssl-external"];
        TlsOptions tls = listener.Tls;
        Assert.That((listener.Address, listener.Port), Is.EqualTo(("*", 8091)));
        Assert.That((tls.CertificateFile, tls.KeyFile, tls.CaFile, tls.HandshakeTimeoutSeconds), Is.EqualTo((pem, pem, pem, 20)));
        Assert.That((tls.ClientCertificate, tls.CertificateUsername), Is.EqualTo((ClientCertificateMode.Required, CertificateName.CommonName)));
        Assert.That(tls.Versions, Is.EqualTo(["1.3", "1.2"]));
        Assert.That(tls.CipherSuites, Is.EqualTo(["TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_RSA_WITH_AES_128_CBC_SHA"]));
        Assert.That(result.Warnings.Where(static warning => !warning.EndsWith("chmod 600", StringComparison.Ordinal)).ToArray(), Has.Length.EqualTo(3));
    }

    [TestCase("verify_peer", "false", ClientCertificateMode.Optional)]
    [TestCase("verify_none", "true", ClientCertificateMode.None)]
    public void Verify_and_fail_if_no_peer_cert_decide_together(string verify, string fail, ClientCertificateMode expected)
    {
        string pem = _directory.Write("x.pem", "");

        TlsOptions tls = Load($"""
            tcp.listener.ssl.a = 8091
            tcp.listener.ssl.a.certfile = {pem}
            tcp.listener.ssl.a.verify = {verify}
            tcp.listener.ssl.a.fail_if_no_peer_cert = {fail}
            """).Options.Listeners["ssl-a"].Tls;

        Assert.That(tls.ClientCertificate, Is.EqualTo(expected));
    }

    [TestCase("tcp.proto.idle_timeout = soon", "write a duration like 15s")]
    [TestCase("tcp.proto.max_packet_size = big", "write a size like 1MB")]
    [TestCase("tcp.proto.enable_stats = maybe", "write on or off, true or false")]
    [TestCase("tcp.proto.force_gc_policy = 1000", "write messages|size, like 1000|1MB")]
    [TestCase("tcp.proto.up_topic = tcp/#", "1 to 65535 bytes, without +, # and NUL")]
    [TestCase("tcp.listener.a = 0.0.0.0:80900", "allowed: 0 to 65535")]
    [TestCase("tcp.listener.a = everywhere:8090", "write one like 127.0.0.1 or ::1, or * for all")]
    public void Wrong_values_are_errors_with_their_line(string line, string advice)
    {
        ConfigurationError error = Load("# first line\n" + line).Errors.Single();

        Assert.That(error.Source, Does.EndWith("emqx_tcp.conf line 2"));
        Assert.That(error.Key, Is.EqualTo(line.Split(' ')[0]));
        Assert.That(error.Advice, Is.EqualTo(advice));
    }

    private ConfigurationResult Load(string text, params string[] settings) =>
        ConfigurationLoader.Load(new ConfigurationInputs
        {
            WorkingDirectory = _directory.Path,
            EmqxTcpConf = _directory.Write("emqx_tcp.conf", text),
            Settings = settings,
        });
}
