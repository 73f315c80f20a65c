using Broker.Cli.Crashtest.Child;

namespace Broker.Cli.Crashtest;

/// <summary>What to run.</summary>
internal sealed record CrashtestPlan
{
    public required BrokerCommand Broker { get; init; }

    /// <summary>Kills; with 0 the clients work for one round and the broker is never killed.</summary>
    public int Rounds { get; init; } = 20;

    /// <summary>Decides when to kill, who comes and goes, and what is sent.</summary>
    public int Seed { get; init; }

    public int Publishers { get; init; } = 4;

    public int Subscribers { get; init; } = 4;

    /// <summary>Bytes of each payload.</summary>
    public int PayloadBytes { get; init; } = 64;

    /// <summary>Messages per second of all publishers, as long as the window has room.</summary>
    public double Rate { get; init; } = 4000;

    /// <summary>Unacknowledged messages of each publisher.</summary>
    public int Window { get; init; } = 64;

    /// <summary>Shortest time to a kill, in milliseconds.</summary>
    public int KillAfterLeast { get; init; } = 100;

    /// <summary>Longest time to a kill, in milliseconds.</summary>
    public int KillAfterMost { get; init; } = 1500;

    public StopSignal Signal { get; init; }

    /// <summary>Seconds without progress after which what is missing is lost.</summary>
    public double PatienceSeconds { get; init; } = 5;

    /// <summary>The broker's data directory; null for a temporary one.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Report as one line of JSON.</summary>
    public bool Json { get; init; }
}
