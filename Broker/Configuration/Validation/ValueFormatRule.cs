using System.Globalization;
using System.Net;
using System.Net.Security;

namespace Broker.Configuration.Validation;

/// <summary>One rule for each <see cref="ValueFormat"/>.</summary>
internal static class ValueFormatRule
{
    /// <summary>User Properties that an uplink may carry.</summary>
    public static readonly IReadOnlyList<string> UserPropertyNames = ["protocol", "clientid", "username", "peer"];

    /// <summary>TLS versions that may be allowed.</summary>
    public static readonly IReadOnlyList<string> TlsVersions = ["1.2", "1.3"];

    /// <summary>Null when <paramref name="value"/> is right.</summary>
    public static ValueFault? Check(ValueFormat format, string value) => format switch
    {
        ValueFormat.IpAddress => Unless(IPAddress.TryParse(value, out _), "not an IP address", "write one like 127.0.0.1 or ::1"),
        ValueFormat.IpAddressOrAny =>
            Unless(value == "*" || IPAddress.TryParse(value, out _), "not an IP address", "write one like 127.0.0.1 or ::1, or * for all"),
        ValueFormat.File => CheckFile(value),
        ValueFormat.TopicTemplate => TopicTemplateRule.Check(value),
        ValueFormat.AccessRule => Unless(
            AccessRuleSyntax.IsRule(value), "not an access rule", "write 'allow' or 'deny', then 'all' or a network like 10.1.0.0/16"),
        ValueFormat.Network => Unless(
            AccessRuleSyntax.IsNetwork(value), "not a network", "write a network like 10.1.0.0/16, or an address"),
        ValueFormat.CipherSuite => CheckName(value, Enum.GetNames<TlsCipherSuite>(), "cipher suite", "use IANA names like TLS_AES_128_GCM_SHA256"),
        ValueFormat.TlsVersion => CheckName(value, TlsVersions, "TLS version", "use 1.2 or 1.3"),
        ValueFormat.Timestamp => Unless(
            DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _),
            "not a date and time", "write one like 2026-12-31T23:59:59Z"),
        ValueFormat.UserPropertyName =>
            CheckName(value, UserPropertyNames, "user property", $"use {string.Join(", ", UserPropertyNames)}"),
        _ => null,
    };

    private static ValueFault? Unless(bool isRight, string reason, string advice) => isRight ? null : new ValueFault(reason, advice);

    private static ValueFault? CheckName(string value, IReadOnlyCollection<string> names, string what, string advice)
    {
        if (names.Contains(value, StringComparer.Ordinal))
        {
            return null;
        }

        string? nearest = NearestName.Find(value, names);
        return new ValueFault($"unknown {what}", nearest is null ? advice : $"{advice}; did you mean {nearest}?");
    }

    private static ValueFault? CheckFile(string path)
    {
        if (Directory.Exists(path))
        {
            return new ValueFault("this is a directory", "give a file");
        }

        try
        {
            using FileStream stream = File.OpenRead(path);
            return null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new ValueFault("no such file", $"looked for {Path.GetFullPath(path)}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new ValueFault("the file cannot be read", e.Message);
        }
    }
}
