using Microsoft.Extensions.Configuration;

namespace Broker.Configuration.Loading;

/// <summary>The JSON file, `appsettings.json` style: sections `Broker` and `Logging`.</summary>
internal static class JsonFileSource
{
    public static IReadOnlyList<ConfigurationEntry> Read(string path, List<ConfigurationError> errors)
    {
        string source = $"file {path}";
        try
        {
            using FileStream stream = File.OpenRead(path);
            IConfigurationRoot root = new ConfigurationBuilder().AddJsonStream(stream).Build();
            return [.. root.AsEnumerable()
                .Where(pair => pair.Value is not null && pair.Key != "$schema")
                .OrderBy(pair => pair.Key, ConfigurationKeyComparer.Instance)
                .Select(pair => new ConfigurationEntry(pair.Key, pair.Value!, source, pair.Key))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add(new ConfigurationError("command line", "--config", path, "the file cannot be read", e.Message));
        }
        catch (Exception e) when (e is FormatException or InvalidDataException or System.Text.Json.JsonException)
        {
            errors.Add(new ConfigurationError(source, "(whole file)", null, $"not valid JSON: {e.InnerException?.Message ?? e.Message}"));
        }

        return [];
    }
}
