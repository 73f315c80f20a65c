namespace Broker.Configuration.Loading;

/// <summary>`--set A:B=value`, `--ext-port` and `--transport`. The root section `Broker` may be left out; `Logging:…` is written in full.</summary>
internal static class CommandLineSource
{
    private const string Source = "command line";

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

        if (inputs.ExtPort is { } extPort)
        {
            entries.Add(new ConfigurationEntry(ConfigurationPaths.ExtPort, extPort, Source, "--ext-port"));
        }

        if (inputs.Transport is { } transport)
        {
            entries.Add(new ConfigurationEntry(ConfigurationPaths.Transport, transport, Source, "--transport"));
        }

        return entries;
    }

    private static string Rooted(string key) =>
        ConfigurationPaths.IsWithin(key, BrokerOptions.SectionName) || ConfigurationPaths.IsWithin(key, ConfigurationPaths.Logging)
            ? key
            : $"{BrokerOptions.SectionName}:{key}";
}
