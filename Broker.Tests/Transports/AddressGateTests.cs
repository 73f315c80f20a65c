using System.Net;
using System.Net.Sockets;
using Broker.Configuration;
using Broker.Core.Ports;
using Broker.Hosting;
using Broker.Primitives;
using Broker.Security;
using Broker.Tests.Infrastructure;
using Broker.Tests.Transports.Epoll;
using Broker.Transports;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace Broker.Tests.Transports;

/// <summary>Who is turned away before a byte is exchanged, on either transport.</summary>
internal sealed class AddressGateTests
{
    private readonly CertificateDirectory _files = new();

    [OneTimeTearDown]
    public void DeleteFiles() => _files.Dispose();

    [TestCase("127.0.0.0/8", true)]
    [TestCase("10.0.0.0/8", false)]
    public async Task A_banned_address_does_not_get_a_handshake(string network, bool isRefused)
    {
        ListenerOptions options = new()
        {
            Protocol = ListenerProtocol.Mqtt,
            Address = "127.0.0.1",
            Tls = new TlsOptions { CertificateFile = _files.Chain, KeyFile = _files.Key },
        };
        await using TransportHost host = await TransportHost.StartAsync(options, gate: Banning(network));
        using RawClient client = await host.ConnectAsync();

        if (isRefused)
        {
            Assert.That(async () => await client.HandshakeAsync(), Throws.InstanceOf<IOException>());
            Assert.That(host.Log.ToString(), Does.Contain("closed: its address is banned"));
            return;
        }
        await client.HandshakeAsync();
        Assert.That(await client.ReceiveLineAsync(), Does.StartWith("mqtt on"));
    }

    [TestCase("127.0.0.0/8", true)]
    [TestCase("10.0.0.0/8", false)]
    public async Task A_banned_address_is_closed_where_it_is_accepted(string network, bool isRefused)
    {
        await using EpollHost host = await EpollHost.StartAsync(gate: Banning(network));
        using Socket client = await host.ConnectAsync();

        if (isRefused)
        {
            Assert.That(await client.ReceiveToEndAsync(), Is.Empty);
            Assert.That(host.Log.ToString(), Does.Contain("closed: its address is banned"));
            return;
        }
        Assert.That(await host.Service.NextAsync(), Is.Not.Null);
    }

    [Test]
    public async Task An_address_whose_logins_fail_is_not_heard_for_a_while()
    {
        var time = new ManualTimeProvider();
        var next = new ScriptedAuthenticator { Answer = static _ => ValueTask.FromResult(AuthenticationResult.BadCredentials) };
        var throttle = new LoginThrottle(new ThrottleOptions { FailuresBeforeDelay = 2 }, next, time);
        var gate = new AddressGate(new BanList(new BanOptions(), time), throttle);
        var address = IPAddress.Parse("192.0.2.1");
        for (int i = 0; i < 2; i++)
        {
            Assert.That(gate.RefusalOf(address), Is.Null);
            await throttle.AuthenticateAsync(
                new AuthenticationRequest { Protocol = ClientProtocol.Mqtt5, ClientId = "c", Listener = "l", Peer = new IPEndPoint(address, 1) }, default);
        }

        Assert.That((gate.RefusalOf(address), gate.RefusalOf(IPAddress.Parse("192.0.2.2"))), Is.EqualTo(("too many failed logins from its address", (string?)null)));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(gate.RefusalOf(address), Is.Null);
    }

    [Test]
    public async Task Half_open_connections_are_limited_in_the_event_loops()
    {
        await using EpollHost host = await EpollHost.StartAsync(new ListenerOptions { Address = "127.0.0.1", MaxHalfOpenConnectionsPerAddress = 1 });
        using Socket first = await host.ConnectAsync();
        FrameConnection connection = await host.Service.NextAsync();
        using (Socket second = await host.ConnectAsync())
        {
            Assert.That(await second.ReceiveToEndAsync(), Is.Empty);
        }

        connection.Peer.Ticket!.OnEstablished();

        using Socket third = await host.ConnectAsync();
        Assert.That(await host.Service.NextAsync(), Is.Not.Null);
        Assert.That(host.Log.ToString(), Does.Contain("limit MaxHalfOpenConnectionsPerAddress"));
    }

    [Test]
    public void What_is_refused_again_and_again_is_said_twenty_times_a_second()
    {
        var time = new ManualTimeProvider();
        using var log = new LogLines();
        ILogger logger = log.CreateLogger("");
        var listener = new ListenerContext("public", new ListenerOptions(), time);
        for (int i = 0; i < 50; i++)
        {
            listener.Refuse(logger, null, "enough");
        }

        time.Advance(TimeSpan.FromSeconds(1));
        listener.Refuse(logger, null, "enough");

        Assert.That((log.Lines.Count, listener.RefusedConnections), Is.EqualTo((21, 51L)));
        Assert.That(log.Lines.Last(), Does.Contain("(30 such lines left out before)"));
    }

    [Test]
    public async Task Handshakes_in_progress_are_limited()
    {
        var time = new ManualTimeProvider();
        ListenerOptions options = new()
        {
            Protocol = ListenerProtocol.Mqtt,
            Address = "127.0.0.1",
            MaxConnectionsPerSecond = 0,
            Tls = new TlsOptions { CertificateFile = _files.Chain, KeyFile = _files.Key, MaximumHandshakes = 1 },
        };
        await using TransportHost host = await TransportHost.StartAsync(options, time);
        using (RawClient first = await host.ConnectAsync())
        using (RawClient second = await host.ConnectAsync())
        {
            await time.WaitForTimersAsync().WaitAsync(RawClient.Patience); // neither says a word, so one of them waits
            time.Advance(TimeSpan.FromSeconds(15));
            Task<string> refused = await Task.WhenAny(first.ReceiveToEndAsync(), second.ReceiveToEndAsync());
            Assert.That(await refused, Is.Empty);
            Assert.That(host.Log.ToString(), Does.Contain("limit MaximumHandshakes"));
        }
        using RawClient third = await host.ConnectAsync();
        await third.HandshakeAsync();
        using RawClient fourth = await host.ConnectAsync();
        await fourth.HandshakeAsync();
        Assert.That(await fourth.ReceiveLineAsync(), Does.StartWith("mqtt on"), "a handshake that is over gives its place back");
    }

    private static AddressGate Banning(string network) =>
        new(new BanList(new BanOptions { Networks = [network] }, TimeProvider.System), null);
}
