using Broker.Configuration.Loading;
using Microsoft.Extensions.Logging;

namespace Broker.Configuration.Validation;

/// <summary>Section `Logging` belongs to Microsoft.Extensions.Logging; only its levels are checked.</summary>
internal static class LoggingRule
{
    public static bool Accepts(ConfigurationEntry entry, List<ConfigurationError> errors)
    {
        if (!entry.Path.Contains(":LogLevel:", StringComparison.OrdinalIgnoreCase)
            || Enum.GetNames<LogLevel>().Contains(entry.Value, StringComparer.OrdinalIgnoreCase))
        {
            return true;
        }

        errors.Add(new ConfigurationError(
            entry.Source, entry.WrittenKey, entry.Value, "not a log level", $"use one of {string.Join(", ", Enum.GetNames<LogLevel>())}"));
        return false;
    }
}
