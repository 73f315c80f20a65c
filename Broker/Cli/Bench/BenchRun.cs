namespace Broker.Cli.Bench;

/// <summary>Runs a plan: connects everybody, warms up, sends, waits for what is under way, and measures.</summary>
internal sealed class BenchRun(BenchPlan plan, TimeProvider time)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    private readonly LoadFlow _flow = new(time, (uint)Random.Shared.Next(), plan.IsFlood);

    /// <summary>Runs.</summary>
    /// <exception cref="IOException">Not all clients could connect and subscribe.</exception>
    public async Task<BenchResult> RunAsync(CancellationToken cancellationToken)
    {
        using var fleet = new LoadFleet(_flow, plan);
        if (plan.Scenario == BenchScenario.Connect)
        {
            return await ConnectAsync(fleet, cancellationToken);
        }

        await fleet.ConnectAsync(cancellationToken);
        if (plan.WarmUpSeconds > 0)
        {
            await SendAsync(fleet, plan.WarmUpSeconds, plan.Count, cancellationToken);
        }

        var before = BrokerUsage.Read(plan.ProcessId);
        var ownCpu = Environment.CpuUsage.TotalTime;
        var seconds = await SendAsync(fleet, plan.DurationSeconds, plan.Count, cancellationToken);
        var result = new BenchResult
        {
            Plan = plan,
            Connections = fleet.Connections,
            Seconds = seconds,
            Counters = _flow.Counters,
            Latency = _flow.Latency,
            Unacknowledged = fleet.Unacknowledged,
            BehindSeconds = _flow.ToNanoseconds(_flow.Counters.Behind) / 1e9,
            Before = before,
            After = BrokerUsage.Read(plan.ProcessId),
            OwnCpuSeconds = (Environment.CpuUsage.TotalTime - ownCpu).TotalSeconds,
            Fault = _flow.Fault,
        };
        if (plan.Scenario == BenchScenario.Offline)
        {
            await fleet.EndSessionsAsync(cancellationToken);
        }

        return result;
    }

    private async Task<BenchResult> ConnectAsync(LoadFleet fleet, CancellationToken cancellationToken)
    {
        var before = BrokerUsage.Read(plan.ProcessId);
        var ownCpu = Environment.CpuUsage.TotalTime;
        var start = time.GetTimestamp();
        await fleet.EachAsync(
            plan.Clients,
            async (index, cancellation) =>
            {
                var begun = time.GetTimestamp();
                await fleet.ConnectMqttAsync("c", index, plan.Subscribe ? fleet.TopicOf(index) : null, cancellation);
                lock (_flow.Gate)
                {
                    _flow.Latency.Add(_flow.ToNanoseconds(time.GetTimestamp() - begun));
                }
            },
            cancellationToken);
        var seconds = time.GetElapsedTime(start).TotalSeconds;
        var connected = BrokerUsage.Read(plan.ProcessId);
        await WaitAsync(() => false, plan.DurationSeconds, cancellationToken);
        return new BenchResult
        {
            Plan = plan,
            Connections = fleet.Connections,
            Seconds = seconds,
            Counters = _flow.Counters,
            Latency = _flow.Latency,
            Before = before,
            // The cost of connecting, but the memory of staying.
            After = BrokerUsage.Read(plan.ProcessId) is { } after && connected is { } then ? after with { CpuSeconds = then.CpuSeconds } : null,
            OwnCpuSeconds = (Environment.CpuUsage.TotalTime - ownCpu).TotalSeconds,
            Fault = _flow.Fault,
        };
    }

    private async Task<double> SendAsync(LoadFleet fleet, double seconds, int count, CancellationToken cancellationToken)
    {
        long start;
        lock (_flow.Gate)
        {
            _flow.Reset();
            start = _flow.Now;
            foreach (var stream in _flow.Streams)
            {
                stream.Target = count > 0 ? stream.Next + (uint)count : uint.MaxValue;
            }

            _flow.IsSending = true;
            foreach (var producer in fleet.Producers)
            {
                _flow.Wake(producer);
            }
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pacer = Task.CompletedTask;
        if (plan.IsFlood)
        {
            _flow.PumpReady();
        }
        else
        {
            pacer = Task.Factory.StartNew(
                () => new LoadPacer(_flow, fleet.Producers, plan.Rate).Run(stop.Token),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
        }

        await WaitAsync(
            () => _flow.Fault is not null || (count > 0 && (_flow.IsAllSent || IsStalled())), count > 0 ? double.MaxValue : seconds, cancellationToken);
        await stop.CancelAsync();
        await pacer;
        lock (_flow.Gate)
        {
            _flow.IsSending = false;
        }

        await WaitAsync(() => IsComplete(fleet) || IsStalled() || _flow.Fault is not null, double.MaxValue, cancellationToken);
        return _flow.ToNanoseconds(_flow.Counters.LastProgress - start) / 1e9;
    }

    private bool IsComplete(LoadFleet fleet)
    {
        lock (_flow.Gate)
        {
            return _flow.Counters.Received >= _flow.Counters.Expected && fleet.Unacknowledged == 0;
        }
    }

    private bool IsStalled()
    {
        lock (_flow.Gate)
        {
            // A slow schedule is no stall.
            var patience = plan.PatienceSeconds + (plan.IsFlood ? 0 : 1 / plan.Rate);
            return _flow.ToNanoseconds(_flow.Now - _flow.Counters.LastProgress) / 1e9 > patience;
        }
    }

    private async Task WaitAsync(Func<bool> isOver, double seconds, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(PollInterval, time);
        var start = time.GetTimestamp();
        while (!isOver() && time.GetElapsedTime(start).TotalSeconds < seconds)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }
}
