using System.CommandLine;
using System.Text;
using Broker.Storage.Export;

namespace Broker.Cli;

/// <summary>`broker export`: writes what a data directory holds as JSON lines.</summary>
internal static class ExportCommand
{
    /// <param name="environment">What the command line finds around it.</param>
    public static Command Create(CliEnvironment environment)
    {
        Option<string> directory = DataDirectoryOption.Create();
        Argument<string?> file = new("FILE") { Description = "File to write; standard output by default.", Arity = ArgumentArity.ZeroOrOne };
        Command command = new("export", "Write retained messages, sessions and their queues as JSON lines. The broker must be stopped.") { directory, file };
        command.SetAction(result => DataDirectoryOption.Use(result, directory, environment, create: false, database =>
        {
            var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            if (result.GetValue(file) is not { } path)
            {
                StoreExport.Write(database, environment.Output, now);
                return;
            }

            // Whole or not at all, and nobody else's to read: it holds payloads.
            path = Path.Combine(environment.WorkingDirectory, path);
            using (StreamWriter output = new(path + ".part", new UTF8Encoding(), CreatePrivate()))
            {
                environment.Error.WriteLine($"Exported {StoreExport.Write(database, output, now)}.");
            }

            File.Move(path + ".part", path, overwrite: true);
        }));
        return command;
    }

    private static FileStreamOptions CreatePrivate()
    {
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
