using System.CommandLine;
using System.CommandLine.Parsing;
using Broker.Hosting;

namespace Broker.Cli;

/// <summary>The command line of the broker.</summary>
internal static class BrokerCommandLine
{
    /// <summary>Parses <paramref name="args"/> and runs the command.</summary>
    /// <param name="args">Arguments of the process.</param>
    /// <param name="environment">What the command line finds around it.</param>
    /// <param name="serve">Runs a broker until it is told to stop; returns the exit status.</param>
    /// <param name="commands">Commands from elsewhere.</param>
    /// <returns>The exit status.</returns>
    public static Task<int> InvokeAsync(
        IReadOnlyList<string> args,
        CliEnvironment environment,
        Func<ServeSettings, CancellationToken, Task<int>> serve,
        params ReadOnlySpan<Command> commands)
    {
        ParseResult result = CreateRoot(environment, serve, commands).Parse(args);
        if (result.Errors.Count > 0)
        {
            return ReportUsageAsync(result.Errors, environment.Error);
        }

        return result.InvokeAsync(new InvocationConfiguration
        {
            Output = environment.Output,
            Error = environment.Error,
            // A signal cancels the command's token; how long the command then takes is its own affair.
            ProcessTerminationTimeout = Timeout.InfiniteTimeSpan,
        });
    }

    private static RootCommand CreateRoot(
        CliEnvironment environment,
        Func<ServeSettings, CancellationToken, Task<int>> serve,
        ReadOnlySpan<Command> commands)
    {
        RootCommand root = new("MQTT broker with gateways for private protocols.");
        // Shared, so that an option counts the same before and behind the command's name.
        ConfigurationOptions options = new();
        ServeCommand.Configure(root, options, environment, serve);
        root.Subcommands.Add(ServeCommand.Create(options, environment, serve));
        root.Subcommands.Add(CheckConfigCommand.Create(options, environment));
        root.Subcommands.Add(PasswdCommand.Create(environment));
        root.Subcommands.Add(AclCommand.Create(environment));
        root.Subcommands.Add(ExportCommand.Create(environment));
        root.Subcommands.Add(ImportCommand.Create(environment));
        root.Subcommands.Add(VersionCommand.Create(environment));
        foreach (Command command in commands)
        {
            root.Subcommands.Add(command);
        }

        return root;
    }

    private static async Task<int> ReportUsageAsync(IEnumerable<ParseError> errors, TextWriter output)
    {
        foreach (ParseError error in errors)
        {
            await output.WriteLineAsync($"error: {error.Message}").ConfigureAwait(false);
        }

        await output.WriteLineAsync("Run broker --help for the commands and options.").ConfigureAwait(false);
        return ExitCode.Usage;
    }
}
