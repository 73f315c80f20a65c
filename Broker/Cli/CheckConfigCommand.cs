using System.CommandLine;
using Broker.Configuration;
using Broker.Hosting;

namespace Broker.Cli;

/// <summary>`broker check-config`: says everything that is wrong with the configuration, or what it amounts to.</summary>
internal static class CheckConfigCommand
{
    public static Command Create(ConfigurationOptions options, CliEnvironment environment)
    {
        Command command = new("check-config", "Check the configuration and print the listeners it amounts to.");
        options.AddTo(command);
        command.SetAction(result =>
        {
            if (StartConfiguration.Load(options.Read(result, environment), environment.Error) is not { } settings)
            {
                return ExitCode.Failure;
            }

            Print(settings, environment);
            return ExitCode.Success;
        });
        return command;
    }

    private static void Print(ServeSettings settings, CliEnvironment environment)
    {
        foreach (string warning in settings.Warnings)
        {
            environment.Error.WriteLine($"warning: {warning}");
        }

        foreach (EffectiveListener listener in EffectiveListener.From(settings.Options))
        {
            environment.Output.WriteLine($"listener {listener}");
        }

        environment.Output.WriteLine(
            EffectiveListener.AdminPort(settings.Options) is { } port
                ? $"operators' HTTP on {EffectiveListener.AdminAddress(settings.Options)}:{port}"
                : "operators' HTTP is off");
        environment.Output.WriteLine("The configuration is valid.");
    }
}
