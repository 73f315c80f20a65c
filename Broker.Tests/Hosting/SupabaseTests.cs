using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Broker.Tests.Configuration;
using Broker.Tests.Infrastructure;
using Broker.Tests.Security.Jwt;
using Microsoft.IdentityModel.Tokens;
using NUnit.Framework;

namespace Broker.Tests.Hosting;

/// <summary>The three examples of docs/security.md as they stand there, against a server on loopback that answers as Supabase does.</summary>
internal sealed class SupabaseTests
{
    private const string Project = "https://PROJECT.supabase.co";

    private readonly TemporaryDirectory _directory = new();
    private SupabaseStandIn _supabase = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _supabase = await SupabaseStandIn.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _supabase.DisposeAsync();
        _directory.Dispose();
    }

    [Test]
    public async Task By_the_JWT_secret()
    {
        await using ServedBroker broker = await StartBrokerAsync(0);
        using RSA rsa = RSA.Create(2048);

        Assert.That(await broker.LoginAsync("x", Token(Tokens.SecretKey, "HS256")), Is.EqualTo("00 user-1"));
        Assert.That(await broker.LoginAsync("x", Token(Tokens.SecretKey, "HS256", static claims => claims["role"] = "anon")), Is.EqualTo("05"));
        Assert.That(await broker.LoginAsync("x", Token(Tokens.SecretKey, "HS256", static claims => claims["aud"] = "other")), Is.EqualTo("05"));
        Assert.That(await broker.LoginAsync("x", Token(Tokens.SecretKey, "HS256", static claims => claims["iss"] = "other")), Is.EqualTo("05"));
        Assert.That(await broker.LoginAsync("x", Token(Tokens.SecretKey, "HS256", static claims => claims["exp"] = 1_700_000_000)), Is.EqualTo("05"));
        Assert.That(await broker.LoginAsync("x", Token(new SymmetricSecurityKey(new byte[32]), "HS256")), Is.EqualTo("05"));
        Assert.That(await broker.LoginAsync("x", Token(new RsaSecurityKey(rsa), "RS256")), Is.EqualTo("05"));
    }

    [Test]
    public async Task By_the_JWKS()
    {
        await using ServedBroker broker = await StartBrokerAsync(1);
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.That(await broker.LoginAsync("x", Token(_supabase.SigningKey, "ES256")), Is.EqualTo("00 user-1"));
        Assert.That(await broker.LoginAsync("x", Token(_supabase.SigningKey, "ES256", static claims => claims["aud"] = "other")), Is.EqualTo("05"));
        Assert.That(await broker.LoginAsync("x", Token(new ECDsaSecurityKey(other) { KeyId = _supabase.SigningKey.KeyId }, "ES256")), Is.EqualTo("05"));
        Assert.That(await broker.LoginAsync("x", Token(Tokens.SecretKey, "HS256")), Is.EqualTo("05"));
        Assert.That(await broker.LoginAsync("x", Tokens.Unsigned()), Is.EqualTo("05"));
        Assert.That(_supabase.Calls("/auth/v1/.well-known/jwks.json"), Is.EqualTo(1), "keys are kept");
    }

    [Test]
    public async Task By_asking_whose_token_it_is()
    {
        await using ServedBroker broker = await StartBrokerAsync(2);
        int before = _supabase.Calls("/auth/v1/user");

        Assert.That(await broker.LoginAsync("admin", SupabaseStandIn.KnownToken), Is.EqualTo("00 user-1"));
        Assert.That(await broker.LoginAsync("admin", SupabaseStandIn.KnownToken), Is.EqualTo("00 user-1"));
        Assert.That(_supabase.Calls("/auth/v1/user") - before, Is.EqualTo(1), "the answer is kept");
        Assert.That(await broker.LoginAsync("admin", "another token"), Is.EqualTo("05"));
        Assert.That(await broker.LoginAsync("admin", null), Is.EqualTo("05"));
    }

    [Test]
    public async Task By_asking_with_another_API_key_nobody_gets_in()
    {
        await using ServedBroker broker = await StartBrokerAsync(2, apiKey: "wrong");

        Assert.That(await broker.LoginAsync("admin", SupabaseStandIn.KnownToken), Is.EqualTo("05"));
    }

    private Task<ServedBroker> StartBrokerAsync(int example, string apiKey = SupabaseStandIn.ApiKey)
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "security.md"));
        string section = page[page.IndexOf("## Supabase", StringComparison.Ordinal)..];
        section = section[..section.IndexOf("\n## ", StringComparison.Ordinal)];
        string json = Regex.Matches(section, "```json\n(.*?)```", RegexOptions.Singleline)[example].Groups[1].Value
            .Replace(Project, _supabase.Url, StringComparison.Ordinal)
            .Replace("/run/secrets/supabase-jwt", _directory.Write("jwt", Tokens.Secret + "\n"), StringComparison.Ordinal)
            .Replace("/run/secrets/supabase-anon-key", _directory.Write("key", apiKey + "\n"), StringComparison.Ordinal);
        return ServedBroker.StartAsync([.. ServedBroker.PlainListener, "Authentication:Throttle:FailuresBeforeDelay=0"], json);
    }

    private string Token(SecurityKey key, string algorithm, Action<Dictionary<string, object>>? change = null) => Tokens.Create(key, algorithm, claims =>
    {
        claims["sub"] = "user-1";
        claims["iss"] = $"{_supabase.Url}/auth/v1";
        claims["aud"] = "authenticated";
        claims["role"] = "authenticated";
        claims["nbf"] = DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeSeconds();
        claims["exp"] = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds();
        change?.Invoke(claims);
    });
}
