using System.Security.Cryptography;
using System.Text;
using Broker.Core.Ports;
using Broker.Primitives;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Broker.Tests.Security.Jwt;

/// <summary>Tokens for tests, good ones and others.</summary>
internal static class Tokens
{
    public const string Secret = "a secret of thirty-two bytes or more";

    public static readonly RSA Rsa = RSA.Create(2048);
    public static readonly ECDsa Ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>The first moment of the tests' clock.</summary>
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static SymmetricSecurityKey SecretKey => new(Encoding.UTF8.GetBytes(Secret));

    public static string Create(SecurityKey key, string algorithm, Action<Dictionary<string, object>>? change = null)
    {
        Dictionary<string, object> claims = new()
        {
            ["sub"] = "ann",
            ["iss"] = "issuer",
            ["aud"] = "broker",
            ["exp"] = Start.AddHours(1).ToUnixTimeSeconds(),
            ["nbf"] = Start.ToUnixTimeSeconds(),
        };
        change?.Invoke(claims);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }
            .CreateToken(System.Text.Json.JsonSerializer.Serialize(claims), new SigningCredentials(key, algorithm));
    }

    public static string Unsigned(string header = """{"alg":"none","typ":"JWT"}""") =>
        $"{Base64UrlEncoder.Encode(header)}.{Base64UrlEncoder.Encode($$"""{"sub":"ann","iss":"issuer","aud":"broker","exp":{{Start.AddHours(1).ToUnixTimeSeconds()}}}""")}.";

    public static AuthenticationRequest Request(string? password, string? user = "given", string clientId = "dev") => new()
    {
        Protocol = ClientProtocol.Mqtt5,
        ClientId = clientId,
        Username = user,
        Password = password is null ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(password),
        Listener = "mqtt",
    };
}
