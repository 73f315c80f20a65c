using System.Globalization;

namespace Broker.Benchmarks.Attacks;

/// <summary>What an attack did to the healthy pair and to the broker.</summary>
internal sealed record AttackResult
{
    /// <summary>A quiet p99 below this many milliseconds counts as this: below it the scheduler of a busy machine is what is measured.</summary>
    public const double FloorMilliseconds = 5;

    /// <summary>How much longer the healthy pair's messages may take while an attack runs.</summary>
    public const double MaximumRatio = 3;

    public required string Name { get; init; }

    /// <summary>Before and after the attack, since others use the machine too.</summary>
    public required Measured Quiet { get; init; }

    public required Measured Attacked { get; init; }

    /// <summary>Resident memory in MiB: before, the highest seen, and a while after.</summary>
    public required (double Before, double Peak, double After) Memory { get; init; }

    /// <summary>Cores that the broker used while attacked.</summary>
    public required double Cores { get; init; }

    public required AttackAnswers Answers { get; init; }

    /// <summary>A relay that does nothing, measured while the attack ran.</summary>
    public required Measured Control { get; init; }

    /// <summary>What went wrong for the healthy clients; null when nothing.</summary>
    public string? Fault { get; init; }

    /// <summary>To the quiet p99, or to the relay's under attack where the machine itself was slower than that.</summary>
    public double Ratio => Attacked.P99 / Math.Max(Math.Max(Quiet.P99, Control.P99), FloorMilliseconds);

    public bool IsHeld => Ratio <= MaximumRatio && Fault is null && !Answers.Breaches.Any();

    /// <summary>The heading of <see cref="ToString"/>.</summary>
    public static string Heading => """
        | Attack | p99 quiet, ms | p99 attacked, ms | p99 of a bare relay meanwhile, ms | Ratio | Slowest login quiet / attacked, ms | Memory MiB, before / peak / after | Cores | What the broker answered | Verdict |
        |---|---|---|---|---|---|---|---|---|---|
        """;

    private string Verdict => IsHeld ? "held" : $"NOT held {Fault} {string.Join("; ", Answers.Breaches)}".TrimEnd();

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {Name} | {Quiet.P99:0.0} | {Attacked.P99:0.0} | {Control.P99:0.0} | {Ratio:0.0} | {Quiet.SlowestLogin:0} / {Attacked.SlowestLogin:0} | {Memory.Before:0} / {Memory.Peak:0} / {Memory.After:0} | {Cores:0.00} | {Answers} | {Verdict} |");
}
