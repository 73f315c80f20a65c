using System.CommandLine;
using Broker.Storage.Export;

namespace Broker.Cli;

/// <summary>`broker import`: reads what `broker export` wrote into a data directory.</summary>
internal static class ImportCommand
{
    /// <param name="environment">What the command line finds around it.</param>
    public static Command Create(CliEnvironment environment)
    {
        Option<string> directory = DataDirectoryOption.Create();
        Option<bool> replace = new("--replace") { Description = "Remove first what the directory holds; without it the directory must be empty." };
        Argument<string?> file = new("FILE") { Description = "File to read; standard input by default.", Arity = ArgumentArity.ZeroOrOne };
        Command command = new("import", "Read what export wrote, all of it or nothing. The broker must be stopped.") { directory, replace, file };
        command.SetAction(result => DataDirectoryOption.Use(result, directory, environment, create: true, database =>
        {
            if (!database.IsEmpty && !result.GetValue(replace))
            {
                throw new IOException("the data directory is not empty; --replace removes what it holds");
            }

            using StreamReader? reader = result.GetValue(file) is { } path ? new(Path.Combine(environment.WorkingDirectory, path)) : null;
            environment.Error.WriteLine($"Imported {StoreImport.Read(database, reader ?? environment.Input, result.GetValue(replace))}.");
        }));
        return command;
    }
}
