namespace Broker.Configuration.Loading;

/// <summary>What the configuration is read from, weakest first: emqx_tcp.conf, JSON file, .env, environment, command line.</summary>
internal sealed record ConfigurationInputs
{
    /// <summary>Existing emqx_tcp.conf; null = none.</summary>
    public string? EmqxTcpConf { get; init; }

    /// <summary>JSON file; null = none.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>Directory that relative paths and `.env` are looked up in.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>Environment variables.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>`A:B=value`, as given on the command line.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>`--ext-port`; null = not given.</summary>
    public string? ExtPort { get; init; }

    /// <summary>`--transport`; null = not given.</summary>
    public string? Transport { get; init; }

    /// <summary>`--data-directory`; null = not given.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>`--on-corruption`; null = not given.</summary>
    public string? OnCorruption { get; init; }
}
