namespace Broker.Configuration.Loading;

/// <summary>Paths that more than one source needs.</summary>
internal static class ConfigurationPaths
{
    public const string Logging = "Logging";
    public const string ExtPort = BrokerOptions.SectionName + ":" + nameof(BrokerOptions.ExtPort);
    public const string Transport = BrokerOptions.SectionName + ":" + nameof(BrokerOptions.Transport);
    public const string DataDirectory = BrokerOptions.SectionName + ":" + nameof(BrokerOptions.Storage) + ":" + nameof(StorageOptions.DataDirectory);
    public const string OnCorruption = BrokerOptions.SectionName + ":" + nameof(BrokerOptions.Storage) + ":" + nameof(StorageOptions.OnCorruption);
    public const string Listeners = BrokerOptions.SectionName + ":" + nameof(BrokerOptions.Listeners);
    public const string PrivateTcp = BrokerOptions.SectionName + ":" + nameof(BrokerOptions.PrivateTcp);

    /// <summary>True when <paramref name="path"/> is <paramref name="section"/> or lies in it.</summary>
    public static bool IsWithin(string path, string section) =>
        path.StartsWith(section, StringComparison.OrdinalIgnoreCase) && (path.Length == section.Length || path[section.Length] == ':');
}
