using System.CommandLine.Parsing;
using System.Globalization;

namespace Broker.Cli.Crashtest.Child;

/// <summary>The command line that starts the broker under test.</summary>
/// <param name="words">Program and arguments; {port} and {directory} stand for what each start fills in.</param>
internal sealed class BrokerCommand(IReadOnlyList<string> words)
{
    private const string Port = "{port}";
    private const string Directory = "{directory}";

    /// <summary>A command line given as text: words are separated by spaces and kept together by double quotes.</summary>
    /// <returns>Null when it does not say where the port goes.</returns>
    public static BrokerCommand? Parse(string template)
    {
        string[] words = [.. CommandLineParser.SplitCommandLine(template)];
        return words.Length > 0 && template.Contains(Port, StringComparison.Ordinal) ? new BrokerCommand(words) : null;
    }

    /// <summary>This broker, with durable storage.</summary>
    /// <param name="durability">Durability class; null for the broker's default.</param>
    public static BrokerCommand OfThisProgram(string? durability) => new(
    [
        .. ThisProgram(),
        "serve",
        "--data-directory",
        Directory,
        .. durability is null ? Array.Empty<string>() : ["--set", $"Storage:Durability={durability}"],
        .. ListenerSettings().SelectMany(setting => new[] { "--set", setting }),
    ]);

    /// <summary>Program and arguments of one start.</summary>
    public IReadOnlyList<string> Fill(int port, string directory) =>
        [.. words.Select(word => word.Replace(Port, port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace(Directory, directory, StringComparison.Ordinal))];

    private static string[] ThisProgram()
    {
        var path = Environment.ProcessPath!;
        // What `dotnet` runs is an assembly beside this one's files; a published broker is a program itself.
        return Path.GetFileNameWithoutExtension(path) == "dotnet"
            ? [path, Path.Combine(AppContext.BaseDirectory, $"{typeof(BrokerCommand).Assembly.GetName().Name}.dll")]
            : [path];
    }

    private static string[] ListenerSettings() =>
    [
        "Listeners:crashtest:Protocol=Mqtt", "Listeners:crashtest:Address=127.0.0.1", $"Listeners:crashtest:Port={Port}", "Admin:Port=0",
    ];
}
