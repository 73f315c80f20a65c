using System.Net.Sockets;
using Broker.Primitives;
using NUnit.Framework;

namespace Broker.Tests.Transports.Epoll;

internal sealed class EpollLifetimeTests
{
    private const int Cycles = 10_000;

    [TestCase(1)]
    [TestCase(2)]
    public async Task Opening_and_closing_10000_times_leaks_no_descriptor(int loops)
    {
        await using EpollHost host = await EpollHost.StartAsync(loops: loops);
        await CycleAsync(host, 100);
        int before = OpenDescriptors();
        await CycleAsync(host, Cycles);
        Assert.That(OpenDescriptors() - before, Is.LessThan(50));
        await host.StopAsync().WaitAsync(RawClient.Patience); // its connections are counted out by then
        Assert.That((host.Listener.CurrentConnections, host.Listener.AcceptedConnections), Is.EqualTo((0, Cycles + 100L)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_client_that_vanishes_is_noticed(bool whilePaused)
    {
        await using EpollHost host = await EpollHost.StartAsync();
        Socket client = await host.ConnectAsync();
        await client.SendAllAsync(FrameConnection.Frame(whilePaused ? FrameConnection.Pause : FrameConnection.Echo, []));
        await (whilePaused ? host.Service.NextPausedAsync() : client.ReceiveExactlyAsync(5));
        client.Reset();
        Assert.That(await host.Service.NextClosedAsync(), Is.EqualTo(CloseReason.PeerClosed));
        host.Service.Gate.SetResult();
        using Socket next = await host.ConnectAsync();
        byte[] echo = FrameConnection.Frame(FrameConnection.Echo, []);
        await next.SendAllAsync(echo);
        Assert.That(await next.ReceiveExactlyAsync(echo.Length), Is.EqualTo(echo));
    }

    [Test]
    public async Task Clients_that_vanish_with_half_a_frame_or_unread_answers_are_all_let_go()
    {
        await using EpollHost host = await EpollHost.StartAsync(loops: 2);
        byte[] half = FrameConnection.Frame(FrameConnection.Echo, new byte[5000])[..4000];
        byte[] unread = [.. Enumerable.Repeat(FrameConnection.Frame(FrameConnection.Many, [0, 1, 0, 0]), 50).SelectMany(frame => frame)];
        for (int number = 0; number < 200; number++)
        {
            Socket client = await host.ConnectAsync();
            await client.SendAllAsync(number % 2 == 0 ? half : unread);
            client.Reset();
        }
        for (int number = 0; number < 200; number++)
        {
            Assert.That(await host.Service.NextClosedAsync(), Is.EqualTo(CloseReason.PeerClosed));
        }
    }

    private static async Task CycleAsync(EpollHost host, int cycles)
    {
        byte[] echo = FrameConnection.Frame(FrameConnection.Echo, "x"u8);
        await Parallel.ForAsync(0, cycles, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, _) =>
        {
            // resets, so that ports do not run out
            Socket client = await host.ConnectAsync();
            if (number % 4 == 0)
            {
                await client.SendAllAsync(echo);
                await client.ReceiveExactlyAsync(echo.Length);
            }
            client.Reset();
        });
        for (int closed = 0; closed < cycles; closed++)
        {
            await host.Service.NextClosedAsync();
        }
    }

    private static int OpenDescriptors() => Directory.GetFiles("/proc/self/fd").Length;
}
