using System.Net.Sockets;
using Broker.Primitives;
using NUnit.Framework;

namespace Broker.Tests.Transports.Epoll;

internal sealed class EpollReceiveTests
{
    [Test]
    public async Task A_frame_may_come_byte_by_byte()
    {
        await using EpollHost host = await EpollHost.StartAsync();
        using Socket client = await host.ConnectAsync();
        byte[] frame = FrameConnection.Frame(FrameConnection.Echo, "slowly"u8);
        foreach (byte next in frame)
        {
            await client.SendAllAsync(new[] { next });
        }
        Assert.That(await client.ReceiveExactlyAsync(frame.Length), Is.EqualTo(frame));
    }

    [TestCase(3_000, 999)]
    [TestCase(70_000, 1_400)]
    [TestCase(4_000_000, 7_777)]
    public async Task A_large_frame_comes_in_many_pieces_with_a_small_one_behind(int size, int piece)
    {
        await using EpollHost host = await EpollHost.StartAsync();
        using Socket client = await host.ConnectAsync();
        byte[] content = new byte[size];
        new Random(7).NextBytes(content);
        byte[] frames = [.. FrameConnection.Frame(FrameConnection.Echo, content), .. FrameConnection.Frame(FrameConnection.Echo, "behind"u8)];
        Task<byte[]> answer = client.ReceiveExactlyAsync(frames.Length);
        for (int sent = 0; sent < frames.Length; sent += piece)
        {
            await client.SendAllAsync(frames.AsMemory(sent, Math.Min(piece, frames.Length - sent)));
        }
        Assert.That((await answer).AsSpan().SequenceEqual(frames), Is.True);
    }

    [Test]
    public async Task Many_frames_in_one_piece_are_answered_in_order()
    {
        await using EpollHost host = await EpollHost.StartAsync(loops: 2);
        using Socket client = await host.ConnectAsync();
        byte[] frames = [.. Enumerable.Range(0, 20_000).SelectMany(number => FrameConnection.Frame(FrameConnection.Echo, BitConverter.GetBytes(number)))];
        Task<byte[]> answer = client.ReceiveExactlyAsync(frames.Length);
        await client.SendAllAsync(frames);
        Assert.That((await answer).AsSpan().SequenceEqual(frames), Is.True);
    }

    [Test]
    public async Task A_client_that_ends_its_direction_still_gets_its_answer()
    {
        await using EpollHost host = await EpollHost.StartAsync();
        using Socket client = await host.ConnectAsync();
        byte[] frame = FrameConnection.Frame(FrameConnection.Echo, "last words"u8);
        await client.SendAllAsync(frame);
        client.Shutdown(SocketShutdown.Send);
        Assert.That(await client.ReceiveToEndAsync(), Is.EqualTo([.. frame, .. FrameConnection.Frame(FrameConnection.Bye, [])]));
        Assert.That(await host.Service.NextClosedAsync(), Is.EqualTo(CloseReason.PeerClosed));
    }

    [Test]
    public async Task What_takes_many_turns_is_answered_in_order_though_nothing_more_arrives()
    {
        await using EpollHost host = await EpollHost.StartAsync();
        using Socket client = await host.ConnectAsync();
        byte[] frames = [.. Enumerable.Range(0, 3).SelectMany(number => (byte[])
        [
            .. FrameConnection.Frame(FrameConnection.Long, new byte[5000]), .. FrameConnection.Frame(FrameConnection.Echo, BitConverter.GetBytes(number)),
        ])];
        await client.SendAllAsync(frames);

        Assert.That(await client.ReceiveExactlyAsync(frames.Length), Is.EqualTo(frames));
        Assert.That(host.Service.Turns, Has.Count.EqualTo(3 * (FrameConnection.LongTurns - 1)));
    }

    [Test]
    public async Task A_client_that_ends_behind_what_takes_many_turns_still_gets_its_answer()
    {
        await using EpollHost host = await EpollHost.StartAsync();
        using Socket client = await host.ConnectAsync();
        byte[] frame = FrameConnection.Frame(FrameConnection.Long, "last words"u8);
        await client.SendAllAsync(frame);
        client.Shutdown(SocketShutdown.Send);

        Assert.That(await client.ReceiveToEndAsync(), Is.EqualTo([.. frame, .. FrameConnection.Frame(FrameConnection.Bye, [])]));
    }

    [Test]
    public async Task A_connection_that_is_closed_in_the_middle_of_its_turns_ends()
    {
        await using EpollHost host = await EpollHost.StartAsync();
        using Socket client = await host.ConnectAsync();
        FrameConnection served = await host.Service.NextAsync();
        await client.SendAllAsync((byte[])[.. Enumerable.Range(0, 1000).SelectMany(_ => FrameConnection.Frame(FrameConnection.Long, []))]);

        served.Close(CloseReason.ServerShuttingDown);

        Assert.That((await client.ReceiveToEndAsync())[^5..], Is.EqualTo(FrameConnection.Frame(FrameConnection.Bye, [])));
    }

    [Test]
    public async Task Nothing_is_read_while_authentication_is_under_way()
    {
        await using EpollHost host = await EpollHost.StartAsync();
        using Socket client = await host.ConnectAsync();
        byte[] echo = FrameConnection.Frame(FrameConnection.Echo, "after"u8);
        await client.SendAllAsync((byte[])[.. FrameConnection.Frame(FrameConnection.Pause, []), .. echo]);
        await host.Service.NextPausedAsync();
        await client.SendAllAsync(echo);
        using Socket other = await host.ConnectAsync();
        await other.SendAllAsync(echo);
        await other.ReceiveExactlyAsync(echo.Length);
        Assert.That(client.Available, Is.Zero);

        host.Service.Gate.SetResult();

        Assert.That(await client.ReceiveExactlyAsync(2 * echo.Length), Is.EqualTo([.. echo, .. echo]));
    }

    [Test]
    public async Task Pauses_that_end_at_once_lose_nothing()
    {
        await using EpollHost host = await EpollHost.StartAsync();
        using Socket client = await host.ConnectAsync();
        byte[] echo = FrameConnection.Frame(FrameConnection.Echo, "after"u8);
        for (int round = 0; round < 200; round++)
        {
            host.Service.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await client.SendAllAsync((byte[])[.. FrameConnection.Frame(FrameConnection.Pause, []), .. echo]);
            await host.Service.NextPausedAsync();
            host.Service.Gate.SetResult();
            Assert.That(await client.ReceiveExactlyAsync(echo.Length), Is.EqualTo(echo));
        }
    }

    [Test]
    public async Task A_defect_takes_one_connection_with_it_and_no_other()
    {
        await using EpollHost host = await EpollHost.StartAsync();
        using Socket victim = await host.ConnectAsync();
        using Socket other = await host.ConnectAsync();
        await victim.SendAllAsync(FrameConnection.Frame(FrameConnection.Defect, []));
        await victim.ReceiveToEndAsync();
        Assert.That(await host.Service.NextClosedAsync(), Is.EqualTo(CloseReason.ConnectionError));
        byte[] echo = FrameConnection.Frame(FrameConnection.Echo, []);
        await other.SendAllAsync(echo);
        Assert.That(await other.ReceiveExactlyAsync(echo.Length), Is.EqualTo(echo));
    }
}
