using System.Net.Sockets;
using Broker.Configuration;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Transports;

internal sealed class AdmissionTests
{
    private static readonly object[][] ProxyHeaders = [[FirstPackets.ProxyV1], [FirstPackets.ProxyV2]];

    [Test]
    public async Task Plain_listener_hands_over_without_looking()
    {
        await using TransportHost host = await TransportHost.StartAsync(Listener());
        using RawClient client = await host.ConnectAsync();
        Assert.That(await client.ReceiveLineAsync(), Does.StartWith("private on under-test"));
        await client.SendAsync("GET / HTTP/1.1");
        Assert.That(await client.ReceiveAsync(14), Is.EqualTo("GET / HTTP/1.1"u8.ToArray()));
        Assert.That((host.Listener.CurrentConnections, host.Listener.AcceptedConnections), Is.EqualTo((1, 1L)));
    }

    [TestCaseSource(nameof(ProxyHeaders))]
    public async Task PROXY_header_gives_the_real_address(byte[] header)
    {
        foreach (ListenerProtocol protocol in new[] { ListenerProtocol.PrivateTcp, ListenerProtocol.Multiplexed })
        {
            await using TransportHost host = await TransportHost.StartAsync(Listener(protocol, proxy: true));
            using RawClient client = await host.ConnectAsync();
            await client.SendAsync([.. header, .. FirstPackets.PrivateTcp]);
            Assert.That(await client.ReceiveLineAsync(), Does.StartWith("private on under-test, peer 192.0.2.1:56324"));
            Assert.That(await client.ReceiveAsync(FirstPackets.PrivateTcp.Length), Is.EqualTo(FirstPackets.PrivateTcp));
        }
    }

    [TestCaseSource(nameof(ProxyHeaders))]
    public async Task PROXY_header_may_come_byte_by_byte(byte[] header)
    {
        await using TransportHost host = await TransportHost.StartAsync(Listener(ListenerProtocol.Multiplexed, proxy: true));
        using RawClient client = await host.ConnectAsync();
        foreach (byte next in header.Concat(FirstPackets.Mqtt))
        {
            await client.SendAsync(next);
        }
        Assert.That(await client.ReceiveLineAsync(), Does.StartWith("mqtt on under-test, peer 192.0.2.1:56324"));
    }

    [Test]
    public async Task PROXY_header_is_optional_on_a_multiplexed_listener()
    {
        await using TransportHost host = await TransportHost.StartAsync(Listener(ListenerProtocol.Multiplexed, proxy: true));
        using RawClient client = await host.ConnectAsync();
        await client.SendAsync(FirstPackets.Mqtt);
        Assert.That(await client.ReceiveLineAsync(), Does.StartWith($"mqtt on under-test, peer {client.LocalEndPoint}"));
    }

    [Test]
    public async Task PROXY_header_is_required_elsewhere()
    {
        await using TransportHost host = await TransportHost.StartAsync(Listener(proxy: true));
        using RawClient client = await host.ConnectAsync();
        await client.SendAsync(FirstPackets.PrivateTcp);
        Assert.That(await client.ReceiveToEndAsync(), Is.Empty);
        Assert.That(host.Log.ToString(), Does.Contain("malformed PROXY protocol header, or none"));
    }

    [Test]
    public async Task PROXY_header_must_come_in_time()
    {
        var time = new ManualTimeProvider();
        await using TransportHost host = await TransportHost.StartAsync(Listener(proxy: true), time);
        using RawClient client = await host.ConnectAsync();
        await client.SendAsync("PROXY TCP4 ");
        await time.WaitForTimersAsync().WaitAsync(RawClient.Patience);
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.That(await client.ReceiveToEndAsync(), Is.Empty);
        Assert.That(host.Log.ToString(), Does.Contain("no complete PROXY protocol header in time"));
    }

    [TestCase(ListenerProtocol.PrivateTcp)]
    [TestCase(ListenerProtocol.Multiplexed)]
    public async Task PROXY_header_of_an_untrusted_peer_closes(ListenerProtocol protocol)
    {
        ListenerOptions options = Listener(protocol, proxy: true);
        options.ProxyProtocolTrustedPeers = ["198.51.100.0/24"];
        await using TransportHost host = await TransportHost.StartAsync(options);
        using RawClient client = await host.ConnectAsync();
        await client.SendAsync(FirstPackets.ProxyV1);
        Assert.That(await client.ReceiveToEndAsync(), Is.Empty);
        Assert.That(host.Log.ToString(), Does.Contain("not one of the peers whose PROXY protocol header is trusted"));
    }

    [TestCase("deny 192.0.2.0/24", false)]
    [TestCase("deny 127.0.0.0/8", true)]
    public async Task Access_rules_see_the_real_address_only(string rule, bool isServed)
    {
        ListenerOptions options = Listener(proxy: true);
        options.AccessRules = [rule];
        await using TransportHost host = await TransportHost.StartAsync(options);
        using RawClient client = await host.ConnectAsync();
        await client.SendAsync([.. FirstPackets.ProxyV2, .. FirstPackets.PrivateTcp]);
        if (isServed)
        {
            Assert.That(await client.ReceiveLineAsync(), Does.StartWith("private on"));
            return;
        }
        Assert.That(await client.ReceiveToEndAsync(), Is.Empty);
        Assert.That(host.Log.ToString(), Does.Contain("192.0.2.1:56324 closed: denied by the listener's access rules"));
    }

    [Test]
    public async Task Connections_above_the_maximum_are_closed_and_a_place_is_given_back()
    {
        ListenerOptions options = Listener();
        options.MaxConnections = 1;
        await using TransportHost host = await TransportHost.StartAsync(options);
        using (RawClient first = await host.ConnectAsync())
        {
            await first.ReceiveLineAsync();
            Assert.That(await GreetingAsync(host), Is.Empty);
            Assert.That(host.Log.ToString(), Does.Contain("maximum of connections"));
        }
        string greeting;
        do
        {
            // the place is free once the broker has seen the first client's end
            greeting = await GreetingAsync(host);
        }
        while (greeting.Length == 0);
        Assert.That(greeting, Does.StartWith("private on"));
    }

    // Empty when the connection is turned away, which a client may learn while it is still connecting.
    private static async Task<string> GreetingAsync(TransportHost host)
    {
        try
        {
            using RawClient client = await host.ConnectAsync();
            return await client.ReceiveToFirstLineOrEndAsync();
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionReset)
        {
            return "";
        }
    }

    [Test]
    public async Task Connections_above_the_rate_wait()
    {
        var time = new ManualTimeProvider();
        ListenerOptions options = Listener();
        options.MaxConnectionsPerSecond = 1;
        await using TransportHost host = await TransportHost.StartAsync(options, time);
        using RawClient first = await host.ConnectAsync();
        await first.ReceiveLineAsync();
        using RawClient second = await host.ConnectAsync();
        await time.WaitForTimersAsync().WaitAsync(RawClient.Patience);
        Task<string> greeting = second.ReceiveLineAsync();
        Assert.That(host.Listener.AcceptedConnections, Is.EqualTo(1));

        time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(await greeting, Does.StartWith("private on"));
    }

    [Test]
    public async Task Shutdown_is_announced_and_what_is_written_then_still_arrives()
    {
        await using TransportHost host = await TransportHost.StartAsync(Listener());
        using RawClient client = await host.ConnectAsync();
        await client.ReceiveLineAsync();
        await host.StopAsync().WaitAsync(RawClient.Patience);
        Assert.That(await client.ReceiveToEndAsync(), Is.EqualTo("bye\n"));
    }

    private static ListenerOptions Listener(ListenerProtocol protocol = ListenerProtocol.PrivateTcp, bool proxy = false) =>
        new() { Protocol = protocol, Address = "127.0.0.1", ProxyProtocol = proxy };
}
