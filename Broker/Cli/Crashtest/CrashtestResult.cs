using Broker.Cli.Crashtest.Audit;

namespace Broker.Cli.Crashtest;

/// <summary>What a run has found.</summary>
internal sealed record CrashtestResult
{
    public required CrashtestPlan Plan { get; init; }

    /// <summary>One per kill, and the last one, in which everything was drained.</summary>
    public required IReadOnlyList<RoundTally> Rounds { get; init; }

    /// <summary>The first violations of each kind, in words.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];

    /// <summary>The first thing that went wrong and is no broken promise; null for none.</summary>
    public string? Fault { get; init; }

    public RoundTally Totals => RoundTally.Sum(Rounds);

    public CrashtestExitStatus Status => Totals switch
    {
        { Violations: > 0 } => CrashtestExitStatus.Violation,
        { Acknowledged: 0 } or { Delivered: 0 } => CrashtestExitStatus.Failed,
        _ => CrashtestExitStatus.Clean,
    };
}
