using System.Runtime.InteropServices;

namespace Broker.Cli.Bench;

/// <summary>Pauses shorter than the millisecond that the runtime's own waits count in: a schedule of 20,000 messages a second needs them.</summary>
internal sealed partial class FinePause : IDisposable
{
    private const int NanosecondsPerSecond = 1_000_000_000;

    private readonly ManualResetEventSlim _never = new();

    /// <summary>Pauses the thread for about that long, at most a second.</summary>
    public void Wait(long nanoseconds)
    {
        if (OperatingSystem.IsLinux())
        {
            var duration = new TimeSpec(0, (nint)Math.Clamp(nanoseconds, 0, NanosecondsPerSecond - 1));
            _ = NanoSleep(duration, 0);
        }
        else
        {
            _never.Wait(TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerMillisecond, nanoseconds / TimeSpan.NanosecondsPerTick)));
        }
    }

    public void Dispose() => _never.Dispose();

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int NanoSleep(in TimeSpec duration, nint remaining);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct TimeSpec(nint Seconds, nint Nanoseconds);
}
