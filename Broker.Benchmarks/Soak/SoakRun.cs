using System.Diagnostics;

namespace Broker.Benchmarks.Soak;

/// <summary>Runs the soak and reports what was lost and how the broker's memory moved.</summary>
internal static class SoakRun
{
    /// <summary>Runs; 0 when nothing was lost, repeated or reordered.</summary>
    public static async Task<int> RunAsync(SoakPlan plan)
    {
        var subscribers = Enumerable.Range(0, plan.Subscribers).Select(index => new SoakSubscriber(plan, index)).ToArray();
        await ConnectSubscribersAsync(subscribers);
        var devices = Enumerable.Range(0, plan.Devices).Select(index => new SoakDevice(plan, index)).ToArray();
        foreach (var batch in devices.Chunk(100))
        {
            await Task.WhenAll(batch.Select(static device => device.ConnectAsync()));
        }

        Console.WriteLine($"{plan.Devices} devices and {plan.Subscribers} subscribers are connected; broker memory {MemoryOf(plan)} MiB");
        await SendAsync(plan, devices, subscribers);
        var expected = (long)plan.Devices * plan.Seconds;
        await WaitForAsync(expected, subscribers);
        var received = subscribers.Sum(static subscriber => subscriber.Received);
        var disorder = subscribers.Sum(static subscriber => subscriber.OutOfSequence);
        Console.WriteLine($"sent {expected}, received {received}, lost {expected - received}, out of sequence {disorder}; broker memory {MemoryOf(plan)} MiB");
        Array.ForEach(devices, static device => device.Dispose());
        Array.ForEach(subscribers, static subscriber => subscriber.Dispose());
        return received == expected && disorder == 0 ? 0 : 1;
    }

    private static async Task ConnectSubscribersAsync(SoakSubscriber[] subscribers)
    {
        foreach (var batch in subscribers.Chunk(100))
        {
            await Task.WhenAll(batch.Select(static async subscriber =>
            {
                var subscribed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await subscriber.ConnectAsync();
                _ = subscriber.ReceiveAsync(subscribed);
                await subscribed.Task;
            }));
        }
    }

    // Each device has its moment in the second, as in a fleet that did not start together.
    private static async Task SendAsync(SoakPlan plan, SoakDevice[] devices, SoakSubscriber[] subscribers)
    {
        const int TicksPerSecond = 50;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / TicksPerSecond));
        var clock = Stopwatch.StartNew();
        for (var tick = 0; tick < plan.Seconds * TicksPerSecond; tick++)
        {
            while (clock.Elapsed.TotalSeconds * TicksPerSecond < tick)
            {
                await timer.WaitForNextTickAsync();
            }

            for (var device = tick % TicksPerSecond; device < devices.Length; device += TicksPerSecond)
            {
                devices[device].Send();
            }

            if (tick % (10 * TicksPerSecond) == 0)
            {
                Console.WriteLine($"{clock.Elapsed.TotalSeconds,6:0} s: received {subscribers.Sum(static s => s.Received),9}, broker memory {MemoryOf(plan)} MiB");
            }
        }
    }

    private static async Task WaitForAsync(long expected, SoakSubscriber[] subscribers)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var turn = 0; turn < 100 && subscribers.Sum(static subscriber => subscriber.Received) < expected; turn++)
        {
            await timer.WaitForNextTickAsync();
        }
    }

    private static string MemoryOf(SoakPlan plan)
    {
        if (plan.ProcessId == 0)
        {
            return "?";
        }

        using var process = Process.GetProcessById(plan.ProcessId);
        return (process.WorkingSet64 / 1024 / 1024).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
