using System.Diagnostics;
using System.Globalization;

namespace Broker.Benchmarks.Attacks;

/// <summary>
/// The attacker: this program again, as a process of lower priority, with descriptors of its own. What it was answered comes back on its
/// output.
/// </summary>
internal static class AttackerProcess
{
    /// <summary>The argument that says so.</summary>
    public const string Argument = "attacker";

    /// <summary>Lets one attack run for so many seconds and returns what it was answered.</summary>
    public static async Task<AttackAnswers> RunAsync(Attack attack, AttackTarget target, double seconds)
    {
        string[] arguments =
        [
            "-n", "10", "dotnet", typeof(AttackerProcess).Assembly.Location, Argument, attack.Name,
            seconds.ToString(CultureInfo.InvariantCulture), .. target.ToArguments(),
        ];
        using var process = Process.Start(new ProcessStartInfo("nice", arguments) { RedirectStandardOutput = true })!;
        var answers = new AttackAnswers();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!answers.TryRead(line))
            {
                Console.WriteLine(line);
            }
        }

        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? answers : throw new InvalidOperationException($"The attacker has ended with {process.ExitCode}.");
    }

    /// <summary>What that process does.</summary>
    public static async Task<int> ServeAsync(string[] arguments)
    {
        var attack = AttackRun.All.Single(each => each.Name == arguments[0]);
        var answers = new AttackAnswers();
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(double.Parse(arguments[1], CultureInfo.InvariantCulture)));
        try
        {
            await attack.RunAsync(AttackTarget.Parse(arguments.AsSpan(2)), answers, end.Token);
        }
        catch (OperationCanceledException)
        {
        }

        answers.WriteTo(Console.Out);
        return 0;
    }
}
