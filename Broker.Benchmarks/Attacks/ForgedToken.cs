using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace Broker.Benchmarks.Attacks;

/// <summary>JSON Web Tokens, put together by hand so that they may be wrong.</summary>
internal static class ForgedToken
{
    private const int Hour = 3600;

    /// <summary>Nobody signed it.</summary>
    public static string Unsigned(string algorithm) => Join(algorithm, "broker", "issuer", Hour) + ".";

    /// <summary>Signed with the bytes of a file that everybody may read.</summary>
    public static string Hmac(byte[] secret)
    {
        var text = Join("HS256", "broker", "issuer", Hour);
        return $"{text}.{Base64UrlEncoder.Encode(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(text)))}";
    }

    /// <summary>Signed properly.</summary>
    public static string Rsa(RSA key, string audience = "broker", string issuer = "issuer", int? seconds = Hour)
    {
        var text = Join("RS256", audience, issuer, seconds);
        var signature = key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{text}.{Base64UrlEncoder.Encode(signature)}";
    }

    private static string Join(string algorithm, string audience, string issuer, int? seconds)
    {
        var expiry = seconds is { } lifetime
            ? string.Create(CultureInfo.InvariantCulture, $",\"exp\":{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + lifetime}")
            : "";
        var header = $$"""{"alg":"{{algorithm}}","typ":"JWT"}""";
        var payload = $$"""{"sub":"bearer","aud":"{{audience}}","iss":"{{issuer}}"{{expiry}}}""";
        return $"{Base64UrlEncoder.Encode(header)}.{Base64UrlEncoder.Encode(payload)}";
    }
}
