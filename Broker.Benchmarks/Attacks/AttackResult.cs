using System.Globalization;
using Broker.Cli.Bench;

namespace Broker.Benchmarks.Attacks;

/// <summary>What an attack did to the healthy pair and to the broker.</summary>
internal sealed record AttackResult
{
    /// <summary>A quiet p99 below this many milliseconds counts as this: below it the scheduler of a busy machine is what is measured.</summary>
    public const double FloorMilliseconds = 5;

    /// <summary>How much longer the healthy pair's messages may take while an attack runs.</summary>
    public const double MaximumRatio = 3;

    public required string Name { get; init; }

    public required LatencyHistogram Quiet { get; init; }

    public required LatencyHistogram Attacked { get; init; }

    /// <summary>Slowest login in milliseconds: quiet, and attacked.</summary>
    public required (double Quiet, double Attacked) Logins { get; init; }

    /// <summary>Resident memory in MiB: before, the highest seen, and a while after.</summary>
    public required (double Before, double Peak, double After) Memory { get; init; }

    /// <summary>Cores that the broker used while attacked.</summary>
    public required double Cores { get; init; }

    public required AttackAnswers Answers { get; init; }

    /// <summary>What went wrong for the healthy clients; null when nothing.</summary>
    public string? Fault { get; init; }

    public double QuietP99 => Quiet.Percentile(0.99) / 1e6;

    public double AttackedP99 => Attacked.Percentile(0.99) / 1e6;

    public double Ratio => AttackedP99 / Math.Max(QuietP99, FloorMilliseconds);

    public bool IsHeld => Ratio <= MaximumRatio && Fault is null && !Answers.Breaches.Any();

    /// <summary>The heading of <see cref="ToString"/>.</summary>
    public static string Heading => """
        | Attack | p99 quiet, ms | p99 attacked, ms | Ratio | Slowest login quiet / attacked, ms | Memory MiB, before / peak / after | Cores | What the broker answered | Verdict |
        |---|---|---|---|---|---|---|---|---|
        """;

    private string Verdict => IsHeld ? "held" : $"NOT held {Fault} {string.Join("; ", Answers.Breaches)}".TrimEnd();

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {Name} | {QuietP99:0.0} | {AttackedP99:0.0} | {Ratio:0.0} | {Logins.Quiet:0} / {Logins.Attacked:0} | {Memory.Before:0} / {Memory.Peak:0} / {Memory.After:0} | {Cores:0.00} | {Answers} | {Verdict} |");
}
