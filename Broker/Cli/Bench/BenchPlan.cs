using Broker.Primitives;
using Broker.Protocols.Mqtt;

namespace Broker.Cli.Bench;

/// <summary>What `broker bench` was asked to do.</summary>
internal sealed record BenchPlan
{
    /// <summary>Smallest payload: what <see cref="MessageStamp"/> needs.</summary>
    public const int MinimumPayloadBytes = MessageStamp.Size;

    public required BenchScenario Scenario { get; init; }

    public string Host { get; init; } = "127.0.0.1";

    public int Port { get; init; } = 1883;

    /// <summary>Port of private-TCP devices.</summary>
    public int GatewayPort { get; init; } = 8090;

    public LoadTls? Tls { get; init; }

    public string? Username { get; init; }

    public byte[]? Password { get; init; }

    public MqttVersion Version { get; init; } = MqttVersion.V311;

    /// <summary>The many side of the scenario.</summary>
    public int Clients { get; init; } = 50;

    /// <summary>Messages per second of all publishers together; 0 is a flood.</summary>
    public double Rate { get; init; }

    /// <summary>Seconds of sending; of staying connected in <see cref="BenchScenario.Connect"/>.</summary>
    public double DurationSeconds { get; init; } = 10;

    /// <summary>Messages per topic instead of a duration; 0 for none.</summary>
    public int Count { get; init; }

    /// <summary>Seconds of the same load beforehand that count for nothing.</summary>
    public double WarmUpSeconds { get; init; } = 1;

    public Qos Qos { get; init; }

    public int PayloadBytes { get; init; } = 64;

    /// <summary>Undelivered messages per topic in a flood, and unacknowledged ones per publisher; 0 chooses.</summary>
    public int Window { get; init; }

    /// <summary><see cref="BenchScenario.Connect"/>: one subscription each.</summary>
    public bool Subscribe { get; init; }

    /// <summary>Connections that are being made at a time.</summary>
    public int Concurrency { get; init; } = 50;

    /// <summary>Threads that send and receive.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Seconds without progress after which the rest is lost.</summary>
    public double PatienceSeconds { get; init; } = 5;

    /// <summary>Process of the broker, whose CPU time and memory are read; 0 for none.</summary>
    public int ProcessId { get; init; }

    /// <summary>Report as one line of JSON.</summary>
    public bool Json { get; init; }

    public string UplinkTopic { get; init; } = "tcp/%c/up";

    public string DownlinkTopic { get; init; } = "tcp/%c/dn";

    /// <summary>True when messages leave as fast as the window allows.</summary>
    public bool IsFlood => Rate <= 0;

    /// <summary>Topics of the load.</summary>
    public int Streams => Scenario == BenchScenario.FanOut ? 1 : Clients;

    /// <summary>Receivers of each message.</summary>
    public int Receivers => Scenario == BenchScenario.FanOut ? Clients : 1;

    /// <summary>
    /// The window of each topic, in <see cref="BenchScenario.Offline"/> that of the publisher. A flood must not force the broker to drop: the default leaves 10,000 messages undelivered in all, or fewer
    /// where each is delivered many times.
    /// </summary>
    public int StreamWindow => Window > 0
        ? Window
        : Scenario == BenchScenario.Offline ? 1000
        : Math.Clamp(100_000 / Streams / Math.Max(10, Receivers), 10, Qos == Qos.AtMostOnce ? 1000 : 100);
}
