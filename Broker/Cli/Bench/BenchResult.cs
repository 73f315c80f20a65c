namespace Broker.Cli.Bench;

/// <summary>What a run has measured.</summary>
internal sealed record BenchResult
{
    public required BenchPlan Plan { get; init; }

    /// <summary>Connections made.</summary>
    public int Connections { get; init; }

    /// <summary>Seconds from the first message to the last delivery; of connecting in <see cref="BenchScenario.Connect"/>.</summary>
    public double Seconds { get; init; }

    public required LoadCounters Counters { get; init; }

    /// <summary>Deliveries, or from the first byte to CONNACK.</summary>
    public required LatencyHistogram Latency { get; init; }

    /// <summary>Messages that were neither acknowledged nor refused in time.</summary>
    public long Unacknowledged { get; init; }

    /// <summary>Longest time behind the schedule, in seconds.</summary>
    public double BehindSeconds { get; init; }

    public BrokerUsage? Before { get; init; }

    public BrokerUsage? After { get; init; }

    /// <summary>CPU time of the load tool itself.</summary>
    public double OwnCpuSeconds { get; init; }

    /// <summary>The connection that was lost; null when none was.</summary>
    public string? Fault { get; init; }

    /// <summary>What costs are divided by: deliveries, or connections.</summary>
    public long Units => Plan.Scenario == BenchScenario.Connect ? Connections : Counters.Received;

    public double UnitsPerSecond => Seconds > 0 ? Units / Seconds : 0;

    public double? BrokerCpuSeconds => After?.CpuSeconds - Before?.CpuSeconds;

    /// <summary>The broker's CPU time for each delivery, or connection.</summary>
    public double? BrokerMicrosecondsPerUnit => Units > 0 ? BrokerCpuSeconds * 1e6 / Units : null;

    public BenchExitStatus Status =>
        Counters.Lost > 0 || Counters.Misrouted > 0 || Counters.Refused > 0 || Unacknowledged > 0 || Fault is not null
            || (Counters.Duplicates > 0 && Plan.Qos != Primitives.Qos.AtLeastOnce)
            ? BenchExitStatus.Loss
            : BenchExitStatus.Complete;
}
