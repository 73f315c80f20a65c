using System.CommandLine;
using Broker.Configuration;
using Broker.Storage;
using Broker.Storage.Database;
using Broker.Storage.Export;

namespace Broker.Cli;

/// <summary>`--data-directory` of the commands that work on a stopped broker's store.</summary>
internal static class DataDirectoryOption
{
    public static Option<string> Create() => new("--data-directory")
    {
        Description = "The broker's data directory.",
        HelpName = "DIRECTORY",
        DefaultValueFactory = _ => new StorageOptions().DataDirectory,
    };

    /// <summary>Does something with the database of the directory, which is held meanwhile; what goes wrong is written to standard error.</summary>
    public static int Use(
        ParseResult result, Option<string> option, CliEnvironment environment, bool create, Action<StoreDatabase> work)
    {
        try
        {
            using HeldDatabase held = HeldDatabase.Open(Path.Combine(environment.WorkingDirectory, result.GetValue(option)!), create);
            work(held.Database);
            return ExitCode.Success;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ImportException or StoreException)
        {
            environment.Error.WriteLine($"error: {fault.Message}");
            return ExitCode.Failure;
        }
    }
}
