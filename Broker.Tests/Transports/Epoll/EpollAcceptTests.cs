using System.Net.Sockets;
using System.Text;
using Broker.Configuration;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Transports.Epoll;

internal sealed class EpollAcceptTests
{
    private static readonly byte[] Echo = FrameConnection.Frame(FrameConnection.Echo, "hello"u8);

    [Test]
    public async Task Connections_above_the_maximum_are_closed()
    {
        await using EpollHost host = await EpollHost.StartAsync(new ListenerOptions { Address = "127.0.0.1", MaxConnections = 1 });
        using Socket first = await host.ConnectAsync();
        await host.Service.NextAsync();
        using Socket second = await host.ConnectAsync();
        Assert.That(await second.ReceiveToEndAsync(), Is.Empty);
        Assert.That(host.Log.ToString(), Does.Contain("maximum of connections"));
        Assert.That((host.Listener.CurrentConnections, host.Listener.RefusedConnections), Is.EqualTo((1, 1L)));
    }

    [Test]
    public async Task Access_rules_decide_before_anything_is_read()
    {
        await using EpollHost host = await EpollHost.StartAsync(new ListenerOptions { Address = "127.0.0.1", AccessRules = ["deny 127.0.0.1"] });
        using Socket client = await host.ConnectAsync();
        Assert.That(await client.ReceiveToEndAsync(), Is.Empty);
        Assert.That(host.Log.ToString(), Does.Contain("denied by the listener's access rules"));
        Assert.That(host.Listener.CurrentConnections, Is.Zero);
    }

    [Test]
    public async Task Connections_above_the_rate_wait()
    {
        var time = new ManualTimeProvider();
        var options = new ListenerOptions { Address = "127.0.0.1", MaxConnectionsPerSecond = 1 };
        await using EpollHost host = await EpollHost.StartAsync(options, time: time);
        using Socket first = await host.ConnectAsync();
        await host.Service.NextAsync();
        using Socket second = await host.ConnectAsync();
        await time.WaitForTimersAsync().WaitAsync(RawClient.Patience);
        Assert.That(host.Listener.AcceptedConnections, Is.EqualTo(1));
        time.Advance(TimeSpan.FromSeconds(1));
        await host.Service.NextAsync();
        Assert.That(host.Listener.AcceptedConnections, Is.EqualTo(2));
    }

    [Test]
    public async Task IPv4_clients_of_a_dual_socket_show_their_own_address()
    {
        await using EpollHost host = await EpollHost.StartAsync(new ListenerOptions { Address = "*" });
        using Socket client = await host.ConnectAsync();
        FrameConnection connection = await host.Service.NextAsync();
        Assert.That(connection.Peer.Address, Is.EqualTo(client.LocalEndPoint));
    }

    [Test]
    public async Task One_port_serves_private_TCP_in_a_loop_and_HTTP_in_Kestrel()
    {
        await using EpollHost host = await EpollHost.StartAsync(Multiplexed());
        using Socket device = await host.ConnectAsync();
        foreach (byte next in FrameConnection.Frame(FrameConnection.Echo, []).Prepend((byte)0x11))
        {
            await device.SendAllAsync(new[] { next }); // 0x11, then whatever: what it says is not detection's business
        }
        await host.Service.NextAsync();
        using Socket browser = await host.ConnectAsync();
        foreach (byte next in "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8.ToArray())
        {
            await browser.SendAllAsync(new[] { next });
        }
        Assert.That(Encoding.ASCII.GetString(await browser.ReceiveToEndAsync()), Does.StartWith("HTTP/1.1 200 OK").And.Contains("alive"));
        Assert.That((host.Listener.AcceptedConnections, host.Listener.RefusedConnections), Is.EqualTo((2L, 0L)));
    }

    [Test]
    public async Task Unknown_bytes_are_refused_with_what_they_look_like()
    {
        await using EpollHost host = await EpollHost.StartAsync(Multiplexed());
        using Socket client = await host.ConnectAsync();
        await client.SendAllAsync("SSH-2.0-x\r\n"u8.ToArray());
        Assert.That(await client.ReceiveToEndAsync(), Is.Empty);
        Assert.That(host.Log.ToString(), Does.Contain("unknown protocol, it looks like SSH"));
        Assert.That(host.Listener.RefusedConnections, Is.EqualTo(1));
    }

    [Test]
    public async Task A_silent_client_is_closed_after_the_detection_timeout()
    {
        var time = new ManualTimeProvider();
        await using EpollHost host = await EpollHost.StartAsync(Multiplexed(), time: time);
        using Socket client = await host.ConnectAsync();
        await client.SendAllAsync(new byte[] { 0x10 });
        await time.WaitForTimersAsync().WaitAsync(RawClient.Patience);
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.That(await client.ReceiveToEndAsync(), Is.Empty);
        Assert.That(host.Log.ToString(), Does.Contain("ended before it said what it speaks; it sent 10"));
        Assert.That(host.Listener.CurrentConnections, Is.Zero);
    }

    [Test]
    public async Task A_client_that_leaves_before_it_says_anything_is_let_go()
    {
        await using EpollHost host = await EpollHost.StartAsync(Multiplexed());
        using Socket client = await host.ConnectAsync();
        await client.SendAllAsync(new byte[] { 0x10 });
        client.Shutdown(SocketShutdown.Send);
        Assert.That(await client.ReceiveToEndAsync(), Is.Empty);
        Assert.That(host.Log.ToString(), Does.Contain("it sent 10"));
    }

    [Test]
    public async Task What_fits_in_no_frame_yet_is_kept_until_the_rest_comes()
    {
        await using EpollHost host = await EpollHost.StartAsync();
        using Socket client = await host.ConnectAsync();
        for (int round = 0; round < 50; round++)
        {
            await client.SendAllAsync(Echo.AsMemory(0, 3 + (round % 5)));
            await client.SendAllAsync(Echo.AsMemory(3 + (round % 5)));
            Assert.That(await client.ReceiveExactlyAsync(Echo.Length), Is.EqualTo(Echo));
        }
    }

    private static ListenerOptions Multiplexed() => new() { Protocol = ListenerProtocol.Multiplexed, Address = "127.0.0.1" };
}
