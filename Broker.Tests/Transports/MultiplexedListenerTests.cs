using System.Net;
using System.Security.Authentication;
using Broker.Configuration;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Transports;

internal sealed class MultiplexedListenerTests
{
    private readonly CertificateDirectory _files = new();

    private static readonly object[][] Clients =
    [
        [FirstPackets.Mqtt, "mqtt"], [FirstPackets.PrivateTcp, "private"], [FirstPackets.LegacyPrivateTcp, "private"],
    ];

    [OneTimeTearDown]
    public void DeleteFiles() => _files.Dispose();

    [TestCaseSource(nameof(Clients))]
    public async Task Serves_each_protocol_from_its_first_byte(byte[] first, string service)
    {
        await using TransportHost host = await TransportHost.StartAsync(OnePort());
        using RawClient client = await host.ConnectAsync();
        await client.SendAsync(first);
        Assert.That(await client.ReceiveLineAsync(), Is.EqualTo($"{service} on under-test, peer {client.LocalEndPoint}, certificate none"));
        Assert.That(await client.ReceiveAsync(first.Length), Is.EqualTo(first));
    }

    [TestCaseSource(nameof(Clients))]
    public async Task Looks_again_inside_TLS(byte[] first, string service)
    {
        await using TransportHost host = await TransportHost.StartAsync(OnePortWithTls());
        using RawClient client = await host.ConnectAsync();
        await client.HandshakeAsync();
        await client.SendAsync(first);
        Assert.That(await client.ReceiveLineAsync(), Does.StartWith(service + " on"));
        Assert.That(await client.ReceiveAsync(first.Length), Is.EqualTo(first));
    }

    [Test]
    public async Task Waits_for_the_rest_of_a_CONNECT_that_comes_byte_by_byte()
    {
        var time = new ManualTimeProvider();
        await using TransportHost host = await TransportHost.StartAsync(OnePort(), time);
        using RawClient client = await host.ConnectAsync();
        foreach (byte next in FirstPackets.Mqtt)
        {
            await client.SendAsync(next);
        }
        Assert.That(await client.ReceiveLineAsync(), Does.StartWith("mqtt on"));
        Assert.That(await client.ReceiveAsync(FirstPackets.Mqtt.Length), Is.EqualTo(FirstPackets.Mqtt));
    }

    [Test]
    public async Task Closes_a_connection_that_does_not_say_what_it_is()
    {
        var time = new ManualTimeProvider();
        await using TransportHost host = await TransportHost.StartAsync(OnePort(), time);
        using RawClient client = await host.ConnectAsync();
        await client.SendAsync(0x10);
        await time.WaitForTimersAsync().WaitAsync(RawClient.Patience);

        time.Advance(TimeSpan.FromSeconds(15));

        Assert.That(await client.ReceiveToEndAsync(), Is.Empty);
        Assert.That(host.Log.ToString(), Does.Contain("ended before it said what it speaks"));
    }

    [Test]
    public async Task Closes_unknown_bytes_and_names_them()
    {
        await using TransportHost host = await TransportHost.StartAsync(OnePort());
        using RawClient client = await host.ConnectAsync();
        await client.SendAsync("SSH-2.0-OpenSSH_9.2\r\n");
        Assert.That(await client.ReceiveToEndAsync(), Is.Empty);
        Assert.That(host.Log.ToString(), Does.Contain("unknown protocol, it looks like SSH (\"SSH-2.0-OpenSSH_\")"));
        Assert.That(host.Listener.RefusedConnections, Is.EqualTo(1));
    }

    [Test]
    public async Task Refuses_TLS_without_a_certificate()
    {
        await using TransportHost host = await TransportHost.StartAsync(OnePort());
        using RawClient client = await host.ConnectAsync();
        Assert.That(async () => await client.HandshakeAsync(), Throws.InstanceOf<Exception>());
        Assert.That(host.Log.ToString(), Does.Contain("TLS, but the listener has no certificate"));
    }

    [Test]
    public async Task Refuses_TLS_inside_TLS()
    {
        await using TransportHost host = await TransportHost.StartAsync(OnePortWithTls());
        using RawClient client = await host.ConnectAsync();
        await client.HandshakeAsync();
        await client.SendAsync(0x16, 0x03, 0x01);
        Assert.That(await client.ReceiveToEndAsync(), Is.Empty);
        Assert.That(host.Log.ToString(), Does.Contain("TLS inside TLS"));
    }

    [TestCase("/health/live", HttpStatusCode.OK, "alive")]
    [TestCase("/metrics", HttpStatusCode.NotFound, "")]
    [TestCase("/", HttpStatusCode.NotFound, "")]
    public async Task Shows_health_over_HTTP_and_HTTPS_and_nothing_else(string path, HttpStatusCode status, string body)
    {
        await using TransportHost host = await TransportHost.StartAsync(OnePortWithTls());
        using var handler = new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = TestCertificates.TrustOfClients } };
        using var http = new HttpClient(handler) { Timeout = RawClient.Patience };
        foreach (string scheme in new[] { "http", "https" })
        {
            using HttpResponseMessage answer = await http.GetAsync(new Uri($"{scheme}://127.0.0.1:{host.Port}{path}"));
            Assert.That((answer.StatusCode, await answer.Content.ReadAsStringAsync()), Is.EqualTo((status, body)));
        }
    }

    [Test]
    public async Task Refuses_a_PROXY_header_where_it_is_not_switched_on()
    {
        await using TransportHost host = await TransportHost.StartAsync(OnePort());
        using RawClient client = await host.ConnectAsync();
        await client.SendAsync([.. FirstPackets.ProxyV1, .. FirstPackets.Mqtt]);
        Assert.That(await client.ReceiveToEndAsync(), Is.Empty);
        Assert.That(host.Log.ToString(), Does.Contain("PROXY protocol header where none is expected"));
    }

    [TestCase(SslProtocols.Tls12)]
    [TestCase(SslProtocols.Tls13)]
    public async Task Takes_a_PROXY_header_before_TLS(SslProtocols version)
    {
        ListenerOptions options = OnePortWithTls();
        options.ProxyProtocol = true;
        await using TransportHost host = await TransportHost.StartAsync(options);
        using RawClient client = await host.ConnectAsync();
        await client.SendAsync(FirstPackets.ProxyV2);
        await client.HandshakeAsync(versions: version);
        await client.SendAsync(FirstPackets.PrivateTcp);
        Assert.That(await client.ReceiveLineAsync(), Does.StartWith("private on under-test, peer 192.0.2.1:56324"));
        Assert.That(await client.ReceiveAsync(FirstPackets.PrivateTcp.Length), Is.EqualTo(FirstPackets.PrivateTcp));
    }

    private static ListenerOptions OnePort() => new() { Protocol = ListenerProtocol.Multiplexed, Address = "127.0.0.1" };

    private ListenerOptions OnePortWithTls()
    {
        ListenerOptions options = OnePort();
        options.Tls = new TlsOptions { CertificateFile = _files.Combined };
        return options;
    }
}
