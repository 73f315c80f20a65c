using System.CommandLine;
using System.Reflection;

namespace Broker.Cli;

/// <summary>`broker version`.</summary>
internal static class VersionCommand
{
    public static Command Create(CliEnvironment environment)
    {
        Command command = new("version", "Print the version.");
        command.SetAction(_ => environment.Output.WriteLine(
            typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion));
        return command;
    }
}
