using System.Text;
using Broker.Configuration.Loading;

namespace Broker.Configuration.Validation;

/// <summary>Warns of secrets that others can see: in files, and on the command line.</summary>
internal static class SecretRules
{
    // No key is larger.
    private const long MaximumFileBytes = 1024 * 1024;

    public static void Warn(ConfigurationLayers layers, List<string> warnings)
    {
        foreach (ConfigurationEntry entry in layers.Entries)
        {
            OptionNode? node = OptionsSchema.Find(entry.Path);
            if (node?.Attribute<SecretFileAttribute>() is { } file && IsExposed(file, entry.Value))
            {
                warnings.Add($"{entry.WrittenKey}: others than its owner can read or change {entry.Value}; run chmod 600");
            }

            if (node?.Attribute<SecretAttribute>() is not null && entry.Source == CommandLineSource.Source)
            {
                warnings.Add($"{entry.WrittenKey}: whoever can list processes sees what is on the command line; keep the secret in a file");
            }
        }
    }

    private static bool IsExposed(SecretFileAttribute attribute, string path)
    {
        try
        {
            return SecretFile.IsOpenToOthers(path) && (!attribute.OnlyWithPrivateKey || HasPrivateKey(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // which is said elsewhere
        }
    }

    private static bool HasPrivateKey(string path)
    {
        if (new FileInfo(path).Length > MaximumFileBytes)
        {
            return false;
        }

        string text = Encoding.Latin1.GetString(File.ReadAllBytes(path));
        return text.Contains("PRIVATE KEY-----", StringComparison.Ordinal) || !text.Contains("-----BEGIN ", StringComparison.Ordinal);
    }
}
