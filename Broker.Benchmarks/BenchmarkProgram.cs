using BenchmarkDotNet.Running;
using Broker.Benchmarks.Soak;

namespace Broker.Benchmarks;

internal static class BenchmarkProgram
{
    private static async Task<int> Main(string[] args)
    {
        if (args is ["soak", .. var rest])
        {
            return await SoakRun.RunAsync(SoakPlan.Parse(rest));
        }

        BenchmarkSwitcher.FromAssembly(typeof(BenchmarkProgram).Assembly).Run(args);
        return 0;
    }
}
