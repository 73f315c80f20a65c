namespace Broker.Configuration.Loading;

/// <summary>`--set A:B=value`, and options that stand for one key, like `--ext-port`. The root section `Broker` may be left out; `Logging:…` is written in full.</summary>
internal static class CommandLineSource
{
    /// <summary>How errors name it.</summary>
    public const string Source = "command line";

    public static IReadOnlyList<ConfigurationEntry> Read(ConfigurationInputs inputs, List<ConfigurationError> errors)
    {
        List<ConfigurationEntry> entries = [];
        foreach (string setting in inputs.Settings)
        {
            int equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                errors.Add(new ConfigurationError(Source, "--set", setting, "no key and value", "write --set Section:Key=value"));
                continue;
            }

            string key = setting[..equals].Trim();
            entries.Add(new ConfigurationEntry(Rooted(key), setting[(equals + 1)..].Trim(), Source, $"--set {key}"));
        }

        AddGiven(entries, ConfigurationPaths.ExtPort, inputs.ExtPort, "--ext-port");
        AddGiven(entries, ConfigurationPaths.Transport, inputs.Transport, "--transport");
        AddGiven(entries, ConfigurationPaths.DataDirectory, inputs.DataDirectory, "--data-directory");
        AddGiven(entries, ConfigurationPaths.OnCorruption, inputs.OnCorruption, "--on-corruption");
        return entries;
    }

    private static void AddGiven(List<ConfigurationEntry> entries, string path, string? value, string option)
    {
        if (value is not null)
        {
            entries.Add(new ConfigurationEntry(path, value, Source, option));
        }
    }

    private static string Rooted(string key) =>
        ConfigurationPaths.IsWithin(key, BrokerOptions.SectionName) || ConfigurationPaths.IsWithin(key, ConfigurationPaths.Logging)
            ? key
            : $"{BrokerOptions.SectionName}:{key}";
}
