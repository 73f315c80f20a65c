using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Broker.Benchmarks.Attacks;
using Broker.Benchmarks.Density;
using Broker.Benchmarks.Soak;
using Broker.Benchmarks.Storage;

namespace Broker.Benchmarks;

internal static class BenchmarkProgram
{
    private static async Task<int> Main(string[] args)
    {
        if (args is ["soak", .. var rest])
        {
            return await SoakRun.RunAsync(SoakPlan.Parse(rest));
        }

        if (args is ["database", var directory])
        {
            DatabaseRates.Run(directory);
            return 0;
        }

        if (args is ["append", var port, var place])
        {
            AppendServer.Run(int.Parse(port, CultureInfo.InvariantCulture), place);
            return 0;
        }

        if (args is ["density", .. var settings])
        {
            return DensityRun.Run(settings);
        }

        if (args is ["attack", .. [_, ..] attack])
        {
            return await AttackRun.RunAsync(attack);
        }

        if (args is [AttackerProcess.Argument, .. var attacker])
        {
            return await AttackerProcess.ServeAsync(attacker);
        }

        // In this process: no project is generated, so that what is measured is exactly what was built.
        var job = Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance);
        BenchmarkSwitcher.FromAssembly(typeof(BenchmarkProgram).Assembly).Run(args, DefaultConfig.Instance.AddJob(job));
        return 0;
    }
}
