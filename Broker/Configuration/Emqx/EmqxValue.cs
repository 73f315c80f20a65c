using System.Buffers;
using System.Globalization;

namespace Broker.Configuration.Emqx;

/// <summary>Values as EMQ X writes them, turned into the texts of the options. Null for what EMQ X itself would refuse.</summary>
internal static class EmqxValue
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>`15s`, `500ms`, `1h`, `1m30s`; a bare number is milliseconds. Seconds, rounded up.</summary>
    public static string? Seconds(string text)
    {
        decimal milliseconds = 0;
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        if (rest.IsEmpty)
        {
            return null;
        }

        while (!rest.IsEmpty)
        {
            if (!TryTakeNumber(ref rest, out decimal number))
            {
                return null;
            }

            ReadOnlySpan<char> unit = TakeUnit(ref rest);
            decimal? factor = unit.ToString() switch
            {
                "" or "ms" => 1,
                "s" => 1000,
                "m" => 60_000,
                "h" => 3_600_000,
                "d" => 86_400_000,
                "w" => 604_800_000,
                "f" => 1_209_600_000,
                _ => null,
            };
            if (factor is null)
            {
                return null;
            }

            milliseconds += number * factor.Value;
        }

        return Math.Ceiling(milliseconds / 1000).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>`1024`, `64KB`, `1MB`, `2GB`. Bytes.</summary>
    public static string? Bytes(string text)
    {
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        if (!TryTakeNumber(ref rest, out decimal number))
        {
            return null;
        }

        decimal? factor = rest.Trim().ToString().ToUpperInvariant() switch
        {
            "" or "B" => 1,
            "KB" or "K" => 1024,
            "MB" or "M" => 1024 * 1024,
            "GB" or "G" => 1024 * 1024 * 1024,
            _ => null,
        };
        return factor is null ? null : Math.Floor(number * factor.Value).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>`on`, `off`, `true`, `false`.</summary>
    public static string? Flag(string text) => text.Trim() switch
    {
        "on" or "true" => bool.TrueString,
        "off" or "false" => bool.FalseString,
        _ => null,
    };

    /// <summary>`messages|size`; either side is null when it cannot be read.</summary>
    public static (string? Messages, string? Bytes) Policy(string text)
    {
        string[] parts = text.Split('|', StringSplitOptions.TrimEntries);
        return parts.Length == 2 && ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? (parts[0], Bytes(parts[1]))
            : (null, null);
    }

    /// <summary>`address:port` or a bare port; the address is null in a bare port.</summary>
    public static (string? Address, string Port) Endpoint(string text)
    {
        int colon = text.LastIndexOf(':');
        return colon < 0 ? (null, text.Trim()) : (text[..colon].Trim().Trim('[', ']'), text[(colon + 1)..].Trim());
    }

    private static bool TryTakeNumber(ref ReadOnlySpan<char> text, out decimal number)
    {
        int length = text.IndexOfAnyExcept(NumberCharacters);
        length = length < 0 ? text.Length : length;
        bool isNumber = decimal.TryParse(text[..length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number)
            && number < 1_000_000_000_000;
        text = text[length..];
        return isNumber;
    }

    private static ReadOnlySpan<char> TakeUnit(ref ReadOnlySpan<char> text)
    {
        int length = text.IndexOfAnyInRange('0', '9');
        length = length < 0 ? text.Length : length;
        ReadOnlySpan<char> unit = text[..length].Trim();
        text = text[length..];
        return unit;
    }
}
