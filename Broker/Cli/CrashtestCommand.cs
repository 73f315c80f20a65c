using System.CommandLine;
using Broker.Cli.Crashtest;
using Broker.Cli.Crashtest.Child;

namespace Broker.Cli;

/// <summary>`broker crashtest`: kills a broker again and again and audits that it kept its promises.</summary>
internal static class CrashtestCommand
{
    private const string Description = """
        Runs a broker on a temporary data directory, publishes and subscribes at QoS 1 and 2 with persistent sessions, kills it with SIGKILL at
        random moments and starts it again, --rounds times. Then waits for everything that is due and audits: nothing acknowledged is lost,
        nothing of QoS 2 is delivered twice, order is kept, and retained messages, sessions and subscriptions are still there.

        Exit status: 0 no promise was broken; 1 the broker does not start or ends by itself, or nothing was acknowledged; 2 wrong usage; 3 a promise
        was broken.
        """;

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var options = new CrashtestOptions();
        var command = new Command("crashtest", Description);
        options.AddTo(command);
        command.SetAction((result, cancellationToken) => RunAsync(options, result, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CrashtestOptions options, ParseResult result, CancellationToken cancellationToken)
    {
        var (output, errors) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        if (!options.TryBind(result, out var plan, out var error))
        {
            await errors.WriteLineAsync(error);
            return (int)CrashtestExitStatus.Usage;
        }

        try
        {
            return (int)await RunAsync(plan, output, errors, cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync(fault.Message);
            return (int)CrashtestExitStatus.Failed;
        }
        catch (OperationCanceledException)
        {
            await errors.WriteLineAsync("Interrupted.");
            return (int)CrashtestExitStatus.Failed;
        }
    }

    private static async Task<CrashtestExitStatus> RunAsync(
        CrashtestPlan plan, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        var place = new Workplace(plan.DataDirectory);
        using var log = new BrokerLog(place.LogFile);
        await errors.WriteLineAsync($"seed {plan.Seed}, data in {place.DataDirectory}, the broker's log in {place.LogFile}");
        CrashtestResult found;
        try
        {
            found = await new CrashtestRun(plan, TimeProvider.System, place, log, errors).RunAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            place.Discard();
            throw;
        }

        await output.WriteLineAsync(plan.Json ? CrashtestReport.Json(found) : CrashtestReport.Text(found).TrimEnd());
        if (found.Status == CrashtestExitStatus.Clean)
        {
            place.Discard();
        }

        return found.Status;
    }
}
