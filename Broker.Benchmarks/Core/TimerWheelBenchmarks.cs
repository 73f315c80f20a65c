using BenchmarkDotNet.Attributes;
using Broker.Core.Timing;

namespace Broker.Benchmarks.Core;

/// <summary>A deadline set and cancelled while others are pending: the life of a keep-alive.</summary>
[MemoryDiagnoser]
public class TimerWheelBenchmarks : ITimed, IDisposable
{
    private readonly TimerWheel _wheel = new(new BrokerClock(TimeProvider.System));

    [Params(100, 1_000_000)]
    public int Pending { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        for (var index = 0; index < Pending; index++)
        {
            _wheel.Schedule(this, 3_600_000 + (index % 60_000));
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _wheel.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public void ScheduleAndCancel()
    {
        var handle = _wheel.Schedule(this, 90_000);
        _wheel.Cancel(ref handle);
    }

    void ITimed.OnTimer()
    {
    }
}
