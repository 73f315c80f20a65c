using Broker.Cli.Bench;

namespace Broker.Benchmarks.Attacks;

/// <summary>What the healthy clients notice: how long messages and logins take.</summary>
internal sealed class Measured
{
    private const double NanosecondsPerMillisecond = 1e6;

    /// <summary>From publisher to subscriber.</summary>
    public LatencyHistogram Messages { get; } = new();

    /// <summary>From the first SYN to CONNACK.</summary>
    public LatencyHistogram Logins { get; } = new();

    /// <summary>99 of 100 messages take less, in milliseconds.</summary>
    public double P99 => Messages.Percentile(0.99) / NanosecondsPerMillisecond;

    /// <summary>In milliseconds.</summary>
    public double SlowestLogin => Logins.Maximum / NanosecondsPerMillisecond;
}
