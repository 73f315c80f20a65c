namespace Broker.Configuration.Loading;

/// <summary>Environment variables `BROKER__A__B`, `LOGGING__A__B` and `EXT_PORT`. An empty one counts as not set, as compose files leave it.</summary>
internal static class EnvironmentSource
{
    public const string ExtPortVariable = "EXT_PORT";
    private const string Separator = "__";

    public static IReadOnlyList<ConfigurationEntry> Read(IReadOnlyDictionary<string, string> variables) =>
        [.. variables
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => ToEntry(pair.Key, pair.Value, "environment"))
            .OfType<ConfigurationEntry>()];

    /// <summary>Null for a variable that does not concern the broker.</summary>
    public static ConfigurationEntry? ToEntry(string name, string value, string source)
    {
        if (value.Length == 0)
        {
            return null;
        }

        if (name == ExtPortVariable)
        {
            return new ConfigurationEntry(ConfigurationPaths.ExtPort, value, source, name);
        }

        return HasRoot(name, BrokerOptions.SectionName) || HasRoot(name, ConfigurationPaths.Logging)
            ? new ConfigurationEntry(name.Replace(Separator, ":", StringComparison.Ordinal), value, source, name)
            : null;
    }

    private static bool HasRoot(string name, string root) => name.StartsWith(root + Separator, StringComparison.OrdinalIgnoreCase);
}
