using System.Net.Security;

namespace Broker.Configuration.Emqx;

/// <summary>Cipher suites are named by OpenSSL in emqx_tcp.conf and by IANA in the options.</summary>
internal static class OpenSslCipherName
{
    private static readonly string[] KeyExchanges = ["ECDHE-ECDSA", "ECDHE-RSA", "ECDH-ECDSA", "ECDH-RSA", "DHE-RSA", "DHE-DSS"];

    /// <summary>The IANA name; null for a suite that is not known.</summary>
    public static string? ToIana(string name)
    {
        if (Enum.TryParse<TlsCipherSuite>(name, out _))
        {
            return name;
        }

        string? keyExchange = Array.Find(KeyExchanges, prefix => name.StartsWith(prefix + "-", StringComparison.Ordinal));
        string rest = keyExchange is null ? name : name[(keyExchange.Length + 1)..];
        string iana = $"TLS_{(keyExchange ?? "RSA").Replace('-', '_')}_WITH_{Cipher(rest)}";
        return Enum.TryParse<TlsCipherSuite>(iana, out _) ? iana : null;
    }

    // AES128-GCM-SHA256 → AES_128_GCM_SHA256; AES128-SHA → AES_128_CBC_SHA; DES-CBC3-SHA → 3DES_EDE_CBC_SHA.
    private static string Cipher(string name)
    {
        if (name == "CHACHA20-POLY1305")
        {
            return "CHACHA20_POLY1305_SHA256";
        }

        string[] parts = name.Replace("DES-CBC3", "3DES_EDE_CBC", StringComparison.Ordinal).Split('-');
        if (parts[0] is "AES128" or "AES256")
        {
            bool hasMode = parts.Length > 1 && (parts[1] is "GCM" or "CCM" or "CCM8");
            parts[0] = $"AES_{parts[0][3..]}{(hasMode ? "" : "_CBC")}";
        }

        return string.Join('_', parts).Replace("CCM8", "CCM_8", StringComparison.Ordinal);
    }
}
