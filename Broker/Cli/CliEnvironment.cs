namespace Broker.Cli;

/// <summary>What the command line finds around it.</summary>
internal sealed record CliEnvironment
{
    /// <summary>Standard output.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Standard error.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Standard input.</summary>
    public required TextReader Input { get; init; }

    /// <summary>Asks for a secret without echo; null when the terminal gives none.</summary>
    public required Func<string, string?> ReadSecret { get; init; }

    /// <summary>Directory that relative paths and `.env` are looked up in.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>Environment variables.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>Those of this process.</summary>
    public static CliEnvironment OfProcess() => new()
    {
        Output = Console.Out,
        Error = Console.Error,
        Input = Console.In,
        ReadSecret = Terminal.ReadSecret,
        WorkingDirectory = Directory.GetCurrentDirectory(),
        Variables = Environment.GetEnvironmentVariables()
            .Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? ""),
    };
}
