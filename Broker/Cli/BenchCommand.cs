using System.CommandLine;
using Broker.Cli.Bench;

namespace Broker.Cli;

/// <summary>`broker bench`: a load tool for any MQTT broker, and for gateways of the private TCP protocol.</summary>
internal static class BenchCommand
{
    private const string Description = """
        A load tool for MQTT brokers. Each message carries its topic's number, its own and the time it was sent, so that what is lost, repeated
        or overtaken shows. Use --rate for latencies: in a flood they are those of the queue that the window makes.

          fan-in        all clients publish, one subscriber receives
          fan-out       one client publishes, all others receive
          pairs         as many publishers as subscribers, a topic for each pair
          connect       clients connect, subscribe with --subscribe, and stay for --duration
          gateway       private-TCP devices send, one MQTT subscriber receives
          gateway-down  one MQTT publisher sends to private-TCP devices
          offline       one client publishes to the persistent sessions of all others, which are away; what counts is acknowledged

        Exit status: 0 complete; 1 cannot connect; 2 wrong usage; 3 messages or connections lost.
        """;

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var options = new BenchOptions();
        var command = new Command("bench", Description);
        options.AddTo(command);
        command.SetAction((result, cancellationToken) => RunAsync(options, result, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(BenchOptions options, ParseResult result, CancellationToken cancellationToken)
    {
        var (output, errors) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        if (!options.TryBind(result, out var plan, out var error))
        {
            await errors.WriteLineAsync(error);
            return (int)BenchExitStatus.Usage;
        }

        SocketEngine.Configure(plan.Threads);
        try
        {
            var measured = await new BenchRun(plan, TimeProvider.System).RunAsync(cancellationToken);
            await output.WriteLineAsync(plan.Json ? BenchReport.Json(measured) : BenchReport.Text(measured).TrimEnd());
            return (int)measured.Status;
        }
        catch (IOException fault)
        {
            await errors.WriteLineAsync(fault.Message);
            return (int)BenchExitStatus.CannotConnect;
        }
        catch (OperationCanceledException)
        {
            await errors.WriteLineAsync("Interrupted.");
            return (int)BenchExitStatus.Loss;
        }
    }
}
