using System.Buffers.Binary;
using System.Net.Sockets;
using Broker.Primitives;
using NUnit.Framework;

namespace Broker.Tests.Transports.Epoll;

internal sealed class EpollSendTests
{
    private const int MuchMoreThanSocketsTake = 12 * 1024 * 1024;

    [Test]
    public async Task A_slow_reader_gets_everything_and_holds_nobody_up()
    {
        await using EpollHost host = await EpollHost.StartAsync();
        using Socket slow = await host.ConnectAsync();
        await slow.SendAllAsync(Ask(MuchMoreThanSocketsTake));
        byte[] answer = FrameConnection.Frame(FrameConnection.Many, new byte[MuchMoreThanSocketsTake]);
        byte[] start = await slow.ReceiveExactlyAsync(10);

        byte[] echo = FrameConnection.Frame(FrameConnection.Echo, []);
        using Socket other = await host.ConnectAsync();
        await other.SendAllAsync(echo);
        await other.ReceiveExactlyAsync(echo.Length);

        byte[] rest = await slow.ReceiveExactlyAsync(answer.Length - start.Length);
        Assert.That(((byte[])[.. start, .. rest]).AsSpan().SequenceEqual(answer), Is.True);
        await slow.SendAllAsync(echo);
        Assert.That(await slow.ReceiveExactlyAsync(echo.Length), Is.EqualTo(echo));
    }

    [Test]
    public async Task A_close_lets_what_is_on_its_way_arrive()
    {
        await using EpollHost host = await EpollHost.StartAsync();
        using Socket client = await host.ConnectAsync();
        FrameConnection connection = await host.Service.NextAsync();
        await client.SendAllAsync(Ask(MuchMoreThanSocketsTake));
        byte[] start = await client.ReceiveExactlyAsync(10);
        connection.Close(CloseReason.ServerShuttingDown);
        byte[] rest = await client.ReceiveToEndAsync();
        byte[] expected = [.. FrameConnection.Frame(FrameConnection.Many, new byte[MuchMoreThanSocketsTake]), .. FrameConnection.Frame(FrameConnection.Bye, [])];
        Assert.That(((byte[])[.. start, .. rest]).AsSpan().SequenceEqual(expected), Is.True);
    }

    [TestCase(1)]
    [TestCase(2)]
    public async Task A_close_from_another_thread_ends_a_connection_in_full_flow(int loops)
    {
        await using EpollHost host = await EpollHost.StartAsync(loops: loops);
        byte[] frames = [.. Enumerable.Repeat(FrameConnection.Frame(FrameConnection.Echo, new byte[100]), 1000).SelectMany(frame => frame)];
        for (int round = 0; round < 20; round++)
        {
            using Socket client = await host.ConnectAsync();
            FrameConnection connection = await host.Service.NextAsync();
            Task<byte[]> received = client.ReceiveToEndAsync();
            await client.SendAllAsync(frames);
            await Task.Run(() => connection.Close(CloseReason.SessionTakenOver));
            await received;
            Assert.That(await host.Service.NextClosedAsync(), Is.EqualTo(CloseReason.SessionTakenOver));
        }
        Assert.That(host.Log.ToString(), Does.Not.Contain("Internal error"));
    }

    [Test]
    public async Task A_client_that_does_not_read_is_cut_off_when_that_is_the_reason()
    {
        await using EpollHost host = await EpollHost.StartAsync();
        using Socket client = await host.ConnectAsync();
        FrameConnection connection = await host.Service.NextAsync();
        await client.SendAllAsync(Ask(MuchMoreThanSocketsTake));
        await client.ReceiveExactlyAsync(10);
        connection.Close(CloseReason.SlowConsumer);
        Assert.That((await client.ReceiveToEndAsync()).Length, Is.LessThan(MuchMoreThanSocketsTake));
    }

    [Test]
    public async Task A_shutdown_says_goodbye_and_waits_for_slow_readers()
    {
        await using EpollHost host = await EpollHost.StartAsync(loops: 2);
        using Socket slow = await host.ConnectAsync();
        using Socket idle = await host.ConnectAsync();
        await slow.SendAllAsync(Ask(MuchMoreThanSocketsTake));
        byte[] start = await slow.ReceiveExactlyAsync(10);
        Task stopping = host.StopAsync();
        byte[] bye = FrameConnection.Frame(FrameConnection.Bye, []);
        Assert.That(await idle.ReceiveToEndAsync(), Is.EqualTo(bye));
        byte[] rest = await slow.ReceiveToEndAsync();
        Assert.That(start.Length + rest.Length, Is.EqualTo(5 + MuchMoreThanSocketsTake + bye.Length));
        await stopping.WaitAsync(RawClient.Patience);
        Assert.That(host.Listener.CurrentConnections, Is.Zero);
    }

    [Test]
    public async Task A_shutdown_that_may_not_wait_cuts_off_who_does_not_read()
    {
        await using EpollHost host = await EpollHost.StartAsync();
        using Socket client = await host.ConnectAsync();
        await client.SendAllAsync(Ask(MuchMoreThanSocketsTake));
        await client.ReceiveExactlyAsync(10);
        using var limit = new CancellationTokenSource();
        await limit.CancelAsync();
        await host.StopAsync(limit.Token).WaitAsync(RawClient.Patience);
        Assert.That(host.Listener.CurrentConnections, Is.Zero);
    }

    private static byte[] Ask(int size)
    {
        byte[] count = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(count, size);
        return FrameConnection.Frame(FrameConnection.Many, count);
    }
}
