namespace Broker.Configuration.Loading;

/// <summary>The file `.env` in the working directory: KEY=VALUE lines. Other programs share it, so keys that are not the broker's are skipped.</summary>
internal static class DotEnvSource
{
    public const string FileName = ".env";

    public static IReadOnlyList<ConfigurationEntry> Read(string directory, List<ConfigurationError> errors)
    {
        string path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            return Parse(File.ReadAllLines(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add(new ConfigurationError(FileName, "(whole file)", null, "the file cannot be read", e.Message));
            return [];
        }
    }

    public static IReadOnlyList<ConfigurationEntry> Parse(IReadOnlyList<string> lines)
    {
        List<ConfigurationEntry> entries = [];
        for (int i = 0; i < lines.Count; i++)
        {
            string line = lines[i].Trim();
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (line.StartsWith('#') || equals <= 0)
            {
                continue;
            }

            string name = line[..equals].Trim();
            name = name.StartsWith("export ", StringComparison.Ordinal) ? name["export ".Length..].Trim() : name;
            if (EnvironmentSource.ToEntry(name, Unquote(line[(equals + 1)..].Trim()), $"{FileName} line {i + 1}") is { } entry)
            {
                entries.Add(entry);
            }
        }

        return entries;
    }

    // Quotes keep everything inside them; without quotes a comment may follow behind a blank.
    private static string Unquote(string value)
    {
        if (value.Length >= 2 && (value[0] is '"' or '\'') && value.IndexOf(value[0], 1) is > 0 and int end)
        {
            return value[1..end];
        }

        int comment = value.IndexOf(" #", StringComparison.Ordinal);
        return value.StartsWith('#') ? "" : comment < 0 ? value : value[..comment].TrimEnd();
    }
}
