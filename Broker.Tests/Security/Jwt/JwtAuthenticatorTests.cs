using System.Security.Cryptography;
using System.Text;
using Broker.Configuration;
using Broker.Core.Ports;
using Broker.Security.Jwt;
using Broker.Tests.Configuration;
using Broker.Tests.Infrastructure;
using Microsoft.IdentityModel.Tokens;
using NUnit.Framework;

namespace Broker.Tests.Security.Jwt;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class JwtAuthenticatorTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTimeProvider _time = new();

    public void Dispose() => _directory.Dispose();

    [TestCase("HS256")]
    [TestCase("HS384")]
    [TestCase("HS512")]
    public async Task A_token_signed_with_the_secret_is_accepted_until_it_expires(string algorithm)
    {
        SymmetricSecurityKey key = new(Encoding.UTF8.GetBytes(Tokens.Secret + Tokens.Secret));
        AuthenticationResult result = await LoginAsync(
            new JwtOptions { Secret = Tokens.Secret + Tokens.Secret }, Tokens.Create(key, algorithm));

        Assert.That(result.Outcome, Is.EqualTo(AuthenticationOutcome.Accepted));
        Assert.That(result.Username, Is.EqualTo("ann"));
        Assert.That(result.ExpiresAt, Is.EqualTo(Tokens.Start.AddHours(1).AddSeconds(30)));
    }

    [TestCase("RS256")]
    [TestCase("RS384")]
    [TestCase("RS512")]
    [TestCase("PS256")]
    [TestCase("PS384")]
    [TestCase("PS512")]
    public async Task A_token_signed_for_the_RSA_public_key_is_accepted(string algorithm) =>
        Assert.That(
            (await LoginAsync(RsaOptions(), Tokens.Create(new RsaSecurityKey(Tokens.Rsa), algorithm))).Outcome,
            Is.EqualTo(AuthenticationOutcome.Accepted));

    [TestCase("nistP256", "ES256")]
    [TestCase("nistP384", "ES384")]
    [TestCase("nistP521", "ES512")]
    public async Task A_token_signed_for_the_EC_public_key_is_accepted(string curve, string algorithm)
    {
        using ECDsa ec = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));
        JwtOptions options = new() { PublicKeyFile = _directory.Write("key.pem", ec.ExportSubjectPublicKeyInfoPem()) };

        Assert.That(
            (await LoginAsync(options, Tokens.Create(new ECDsaSecurityKey(ec), algorithm))).Outcome, Is.EqualTo(AuthenticationOutcome.Accepted));
    }

    [TestCase("""{"alg":"none","typ":"JWT"}""")]
    [TestCase("""{"alg":"None"}""")]
    [TestCase("""{"alg":"HS256"}""")]
    [TestCase("""{"typ":"JWT"}""")]
    public async Task A_token_without_a_signature_is_refused(string header)
    {
        Assert.That((await LoginAsync(RsaOptions(), Tokens.Unsigned(header))).Outcome, Is.EqualTo(AuthenticationOutcome.BadCredentials));
        Assert.That(
            (await LoginAsync(new JwtOptions { Secret = Tokens.Secret }, Tokens.Unsigned(header))).Outcome,
            Is.EqualTo(AuthenticationOutcome.BadCredentials));
    }

    [Test]
    public async Task A_token_signed_with_the_public_key_as_a_secret_is_refused()
    {
        JwtOptions options = RsaOptions();
        byte[] publicKey = await File.ReadAllBytesAsync(options.PublicKeyFile!);

        AuthenticationResult result = await LoginAsync(options, Tokens.Create(new SymmetricSecurityKey(publicKey), "HS256"));

        Assert.That(result.Outcome, Is.EqualTo(AuthenticationOutcome.BadCredentials));
    }

    [TestCase("RS256", AuthenticationOutcome.Accepted)]
    [TestCase("RS512", AuthenticationOutcome.BadCredentials)]
    public async Task Only_listed_algorithms_count(string algorithm, AuthenticationOutcome expected)
    {
        JwtOptions options = RsaOptions();
        options.Algorithms = ["RS256"];

        Assert.That(
            (await LoginAsync(options, Tokens.Create(new RsaSecurityKey(Tokens.Rsa), algorithm))).Outcome, Is.EqualTo(expected));
    }

    [TestCase("another secret of thirty-two bytes or more", AuthenticationOutcome.BadCredentials)]
    [TestCase(Tokens.Secret, AuthenticationOutcome.Accepted)]
    public async Task The_signature_counts(string secret, AuthenticationOutcome expected) =>
        Assert.That((await LoginAsync(new JwtOptions { Secret = secret }, Hs256())).Outcome, Is.EqualTo(expected));

    [TestCase("aud", "broker", AuthenticationOutcome.Accepted)]
    [TestCase("aud", "other", AuthenticationOutcome.BadCredentials)]
    [TestCase("iss", "issuer", AuthenticationOutcome.Accepted)]
    [TestCase("iss", "other", AuthenticationOutcome.BadCredentials)]
    public async Task Issuer_and_audience(string claim, string value, AuthenticationOutcome expected)
    {
        JwtOptions options = new() { Secret = Tokens.Secret, Issuer = "issuer", Audience = "broker" };

        Assert.That((await LoginAsync(options, Hs256(claims => claims[claim] = value))).Outcome, Is.EqualTo(expected));
        Assert.That((await LoginAsync(options, Hs256(claims => claims.Remove(claim)))).Outcome, Is.EqualTo(AuthenticationOutcome.BadCredentials));
    }

    [TestCase(0, AuthenticationOutcome.Accepted)]
    [TestCase(3600 + 29, AuthenticationOutcome.Accepted)]
    [TestCase(3600 + 30, AuthenticationOutcome.BadCredentials)]
    public async Task A_token_expires(int seconds, AuthenticationOutcome expected)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.That((await LoginAsync(new JwtOptions { Secret = Tokens.Secret }, Hs256())).Outcome, Is.EqualTo(expected));
    }

    [TestCase(30, AuthenticationOutcome.Accepted)]
    [TestCase(31, AuthenticationOutcome.BadCredentials)]
    public async Task A_token_may_not_be_valid_yet(int seconds, AuthenticationOutcome expected) =>
        Assert.That(
            (await LoginAsync(
                new JwtOptions { Secret = Tokens.Secret },
                Hs256(claims => claims["nbf"] = Tokens.Start.AddSeconds(seconds).ToUnixTimeSeconds()))).Outcome,
            Is.EqualTo(expected));

    [Test]
    public async Task A_token_that_never_expires_is_refused() =>
        Assert.That(
            (await LoginAsync(new JwtOptions { Secret = Tokens.Secret }, Hs256(claims => claims.Remove("exp")))).Outcome,
            Is.EqualTo(AuthenticationOutcome.BadCredentials));

    [TestCase("dev", "given", AuthenticationOutcome.Accepted)]
    [TestCase("other", "given", AuthenticationOutcome.BadCredentials)]
    [TestCase("dev", "other", AuthenticationOutcome.BadCredentials)]
    [TestCase("dev", null, AuthenticationOutcome.BadCredentials)]
    public async Task Claims_are_compared_with_ClientId_and_Username(string clientId, string? user, AuthenticationOutcome expected)
    {
        JwtOptions options = new() { Secret = Tokens.Secret, Claims = { ["device"] = "%c", ["name"] = "u-%u", ["roles"] = "writer" } };
        string token = Hs256(claims =>
        {
            claims["device"] = "dev";
            claims["name"] = "u-given";
            claims["roles"] = new[] { "reader", "writer" };
        });

        Assert.That((await LoginAsync(options, token, user, clientId)).Outcome, Is.EqualTo(expected));
    }

    [Test]
    public async Task The_username_comes_from_the_configured_claim_which_must_be_there()
    {
        JwtOptions options = new() { Secret = Tokens.Secret, UsernameClaim = "email" };

        Assert.That((await LoginAsync(options, Hs256(claims => claims["email"] = "a@b"))).Username, Is.EqualTo("a@b"));
        Assert.That((await LoginAsync(options, Hs256())).Outcome, Is.EqualTo(AuthenticationOutcome.BadCredentials));
    }

    [TestCase("authenticated", AuthenticationOutcome.Accepted)]
    [TestCase("anon", AuthenticationOutcome.BadCredentials)]
    public async Task Supabase_access_tokens_are_verified_by_the_projects_secret(string role, AuthenticationOutcome expected)
    {
        JwtOptions options = new()
        {
            Secret = Tokens.Secret,
            Issuer = "https://project.supabase.example/auth/v1",
            Audience = "authenticated",
            Claims = { ["role"] = "authenticated" },
        };
        string token = Hs256(claims =>
        {
            claims["iss"] = options.Issuer;
            claims["aud"] = "authenticated";
            claims["role"] = role;
        });

        Assert.That((await LoginAsync(options, token)).Outcome, Is.EqualTo(expected));
    }

    [TestCase("secret", AuthenticationOutcome.Ignored)]
    [TestCase(null, AuthenticationOutcome.Ignored)]
    [TestCase("a.b.c", AuthenticationOutcome.BadCredentials)]
    [TestCase("..", AuthenticationOutcome.BadCredentials)]
    public async Task What_is_no_token_is_left_to_others(string? password, AuthenticationOutcome expected) =>
        Assert.That((await LoginAsync(new JwtOptions { Secret = Tokens.Secret }, password)).Outcome, Is.EqualTo(expected));

    [Test]
    public async Task The_token_may_be_in_the_Username()
    {
        JwtOptions options = new() { Secret = Tokens.Secret, TokenIn = JwtTokenPlace.Username };

        Assert.That((await LoginAsync(options, null, Hs256())).Outcome, Is.EqualTo(AuthenticationOutcome.Accepted));
        Assert.That((await LoginAsync(options, Hs256(), "ann")).Outcome, Is.EqualTo(AuthenticationOutcome.Ignored));
    }

    [Test]
    public async Task A_token_carries_access_rules_and_claims()
    {
        string token = Hs256(static claims =>
        {
            claims["acl"] = new[] { "allow publish up/%c", "deny all #" };
            claims["tenant"] = "t1";
        });

        ClientGrants? grants = (await LoginAsync(new JwtOptions { Secret = Tokens.Secret }, token)).Grants;

        Assert.That(grants?.Rules, Is.EqualTo(new[] { "allow publish up/%c", "deny all #" }));
        Assert.That(grants?.Claims.GetProperty("tenant").GetString(), Is.EqualTo("t1"));
    }

    [TestCase("acl", false)]
    [TestCase("app_metadata.rules", true)]
    [TestCase("app_metadata.none", false)]
    [TestCase("", false)]
    public async Task The_claim_with_access_rules_is_configured(string claim, bool carries)
    {
        string token = Hs256(static claims => claims["app_metadata"] = new Dictionary<string, object> { ["rules"] = new[] { "allow publish a" } });

        AuthenticationResult result = await LoginAsync(new JwtOptions { Secret = Tokens.Secret, AclClaim = claim }, token);

        Assert.That((result.Outcome, result.Grants?.Rules is not null), Is.EqualTo((AuthenticationOutcome.Accepted, carries)));
    }

    [TestCase("""["allow publish a"]""", AuthenticationOutcome.Accepted)]
    [TestCase("""[]""", AuthenticationOutcome.Accepted)]
    [TestCase("""["allow pubish a"]""", AuthenticationOutcome.BadCredentials)]
    [TestCase("""["shadow deny all #"]""", AuthenticationOutcome.BadCredentials)]
    [TestCase("""["allow publish a", 1]""", AuthenticationOutcome.BadCredentials)]
    [TestCase("\"allow publish a\"", AuthenticationOutcome.BadCredentials)]
    [TestCase("null", AuthenticationOutcome.BadCredentials)]
    public async Task Rules_that_cannot_be_used_let_nobody_in(string rules, AuthenticationOutcome expected)
    {
        string token = Hs256(claims => claims["acl"] = System.Text.Json.JsonElement.Parse(rules));

        Assert.That((await LoginAsync(new JwtOptions { Secret = Tokens.Secret }, token)).Outcome, Is.EqualTo(expected));
    }

    [Test]
    public async Task A_secret_may_come_from_a_file_that_changes()
    {
        JwtOptions options = new() { SecretFile = _directory.Write("secret", "another secret of thirty-two bytes or more\n") };
        JwtKeyFile keys = new(options);
        JwtAuthenticator authenticator = new(options, keys, _time);
        Assert.That((await authenticator.AuthenticateAsync(Tokens.Request(Hs256()), default)).Outcome, Is.EqualTo(AuthenticationOutcome.BadCredentials));

        _directory.Write("secret", Tokens.Secret + "\n");
        Assert.That(keys.TryReload(), Is.Null);
        Assert.That((await authenticator.AuthenticateAsync(Tokens.Request(Hs256()), default)).Outcome, Is.EqualTo(AuthenticationOutcome.Accepted));

        _directory.Write("secret", "short");
        Assert.That(keys.TryReload(), Is.Not.Null.And.Not.Contains("short"));
        Assert.That((await authenticator.AuthenticateAsync(Tokens.Request(Hs256()), default)).Outcome, Is.EqualTo(AuthenticationOutcome.Accepted));
    }

    private static string Hs256(Action<Dictionary<string, object>>? change = null) => Tokens.Create(Tokens.SecretKey, "HS256", change);

    private JwtOptions RsaOptions() => new() { PublicKeyFile = _directory.Write("rsa.pem", Tokens.Rsa.ExportSubjectPublicKeyInfoPem()) };

    private async Task<AuthenticationResult> LoginAsync(JwtOptions options, string? password, string? user = "given", string clientId = "dev")
    {
        JwtKeyFile keys = new(options);
        Assert.That(keys.Problem, Is.Null);
        return await new JwtAuthenticator(options, keys, _time).AuthenticateAsync(Tokens.Request(password, user, clientId), default);
    }
}
