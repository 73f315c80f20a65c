using System.Globalization;

namespace Broker.Benchmarks.Attacks;

/// <summary>`attack NAME|all [--broker PATH] [--quiet SECONDS] [--seconds SECONDS]`: each attack on a broker of its own, a table line each.</summary>
internal sealed class AttackRun(string? broker, double quietSeconds, double attackSeconds)
{
    private const double WarmUpSeconds = 3;
    private const double SettleSeconds = 5;

    /// <summary>Every attack there is.</summary>
    public static IReadOnlyList<Attack> All { get; } =
    [
        new CredentialStuffing(), new SlowLoris(isLimited: false), new SlowLoris(isLimited: true), new SubscriptionBombs(isLimited: true),
        new SubscriptionBombs(isLimited: false), new TopicInjection(), new MalformedFrames(), new RetainedFlood(), new WillFlood(),
        new SessionTakeover(), new AclBypass(), new JwtConfusion(), new TlsDowngrade(), new ProxySpoofing(),
    ];

    /// <summary>Runs; returns 0 when every attack was held.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var attacks = args[0] == "all" ? All : [.. All.Where(each => each.Name == args[0])];
        if (attacks.Count == 0)
        {
            Console.Error.WriteLine($"Attacks: all, {string.Join(", ", All.Select(each => each.Name))}");
            return 2;
        }

        var run = new AttackRun(Option(args, "--broker"), Seconds(args, "--quiet", 15), Seconds(args, "--seconds", 30));
        Console.WriteLine(AttackResult.Heading);
        var isHeld = true;
        foreach (var attack in attacks)
        {
            var result = await run.TryAsync(attack);
            Console.WriteLine(result);
            isHeld &= result.IsHeld;
        }

        return isHeld ? 0 : 1;
    }

    private async Task<AttackResult> TryAsync(Attack attack)
    {
        var directory = Directory.CreateTempSubdirectory("broker-attack-");
        try
        {
            var files = new AttackFiles(directory.FullName);
            files.Write();
            using var hardened = HardenedBroker.Start(broker, files, [.. HardenedBroker.Settings(files), .. attack.Settings(files)]);
            using var pair = new HealthyPair(hardened.Ports["mqtt"]);
            await Task.Delay(TimeSpan.FromSeconds(WarmUpSeconds));
            return await MeasureAsync(attack, hardened, pair, new AttackTarget(hardened.Ports, files));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private async Task<AttackResult> MeasureAsync(Attack attack, HardenedBroker hardened, HealthyPair pair, AttackTarget target)
    {
        using var relay = new ControlRelay();
        var (quiet, attacked, control) = (new Measured(), new Measured(), new Measured());
        await MeasureQuietAsync(pair, quiet);
        pair.Measure(attacked);
        relay.Measure(control);
        var (before, cpu) = (hardened.ResidentMebibytes, hardened.CpuSeconds);
        var started = TimeProvider.System.GetTimestamp();
        var attacking = AttackerProcess.RunAsync(attack, target, attackSeconds);
        var peak = await PeakMemoryAsync(hardened, attacking);
        var elapsed = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        var cores = (hardened.CpuSeconds - cpu) / elapsed;
        pair.Measure(null);
        relay.Measure(null);
        await Task.Delay(TimeSpan.FromSeconds(SettleSeconds));
        var after = hardened.ResidentMebibytes;
        await MeasureQuietAsync(pair, quiet);
        pair.Finish();
        return new AttackResult
        {
            Name = attack.Name,
            Quiet = quiet,
            Attacked = attacked,
            Control = control,
            Memory = (before, peak, after),
            Cores = cores,
            Answers = await attacking,
            Fault = FaultOf(hardened, pair),
        };
    }

    private static async Task<double> PeakMemoryAsync(HardenedBroker hardened, Task attacking)
    {
        double peak = 0;
        while (!attacking.IsCompleted)
        {
            peak = Math.Max(peak, hardened.ResidentMebibytes);
            await Task.WhenAny(attacking, Task.Delay(100));
        }

        return peak;
    }

    private async Task MeasureQuietAsync(HealthyPair pair, Measured quiet)
    {
        pair.Measure(quiet);
        await Task.Delay(TimeSpan.FromSeconds(quietSeconds / 2));
        pair.Measure(null);
    }

    private static string? FaultOf(HardenedBroker hardened, HealthyPair pair) =>
        !hardened.IsRunning ? "the broker has ended" : pair.Fault ?? (pair.Missing > 0 ? $"{pair.Missing} healthy messages are missing" : null);

    private static string? Option(string[] args, string name) => Array.IndexOf(args, name) is > 0 and var at ? args[at + 1] : null;

    private static double Seconds(string[] args, string name, double otherwise) =>
        Option(args, name) is { } given ? double.Parse(given, CultureInfo.InvariantCulture) : otherwise;
}
