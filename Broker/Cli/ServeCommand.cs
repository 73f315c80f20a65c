using System.CommandLine;
using Broker.Hosting;

namespace Broker.Cli;

/// <summary>`broker serve`, and `broker` alone: runs the broker.</summary>
internal static class ServeCommand
{
    public static Command Create(
        ConfigurationOptions options, CliEnvironment environment, Func<ServeSettings, CancellationToken, Task<int>> serve)
    {
        Command command = new("serve", "Run the broker (the default command).");
        Configure(command, options, environment, serve);
        return command;
    }

    /// <summary>Makes <paramref name="command"/> run the broker.</summary>
    public static void Configure(
        Command command, ConfigurationOptions options, CliEnvironment environment, Func<ServeSettings, CancellationToken, Task<int>> serve)
    {
        options.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
            StartConfiguration.Load(options.Read(result, environment), environment.Error) is { } settings
                ? await serve(settings, cancellationToken).ConfigureAwait(false)
                : ExitCode.Failure);
    }
}
