using System.Net;
using System.Text.Json;
using Broker.Configuration;
using Broker.Core.Ports;
using Broker.Security.Jwt;
using Broker.Tests.Infrastructure;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using NUnit.Framework;

namespace Broker.Tests.Security.Jwt;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class JwksUrlTests : IDisposable
{
    private static readonly JwtOptions Options = new() { JwksUrl = "https://auth.example/jwks" };

    private readonly ManualTimeProvider _time = new();
    private readonly Server _server = new();
    private readonly HttpClient _http;
    private readonly LogLines _log = new();
    private readonly LoggerFactory _loggers;
    private readonly JwksUrl _keys;
    private readonly JwtAuthenticator _authenticator;

    public JwksUrlTests()
    {
        _http = new HttpClient(_server);
        _loggers = new LoggerFactory([_log]);
        _keys = new JwksUrl(new Uri(Options.JwksUrl!), TimeSpan.FromMinutes(10), _http, _time, _loggers.CreateLogger<JwksUrl>());
        _authenticator = new JwtAuthenticator(Options, _keys, _time);
        _time.Advance(TimeSpan.FromMilliseconds(1));
    }

    public void Dispose()
    {
        _keys.Dispose();
        _http.Dispose();
        _server.Dispose();
        _loggers.Dispose();
        _log.Dispose();
    }

    [Test]
    public async Task Keys_are_fetched_once_for_many_logins()
    {
        _server.Keys = ["one"];

        Assert.That(await LoginAsync("one"), Is.EqualTo(AuthenticationOutcome.Accepted));
        Assert.That(await LoginAsync("one"), Is.EqualTo(AuthenticationOutcome.Accepted));
        Assert.That(_server.Calls, Is.EqualTo(1));
    }

    [Test]
    public async Task A_new_key_is_found_and_a_withdrawn_one_is_forgotten()
    {
        _server.Keys = ["one"];
        await LoginAsync("one");
        _server.Keys = ["two"];
        _time.Advance(TimeSpan.FromSeconds(11));

        Assert.That(await LoginAsync("two"), Is.EqualTo(AuthenticationOutcome.Accepted));
        Assert.That(await LoginAsync("one"), Is.EqualTo(AuthenticationOutcome.BadCredentials));
    }

    [Test]
    public async Task Invented_key_names_do_not_make_a_storm()
    {
        _server.Keys = ["one"];
        for (int i = 0; i < 20; i++)
        {
            Assert.That(await LoginAsync("two"), Is.EqualTo(AuthenticationOutcome.BadCredentials));
        }

        Assert.That(_server.Calls, Is.EqualTo(1));
    }

    [Test]
    public async Task Known_keys_outlive_their_server()
    {
        _server.Keys = ["one"];
        await LoginAsync("one");
        _server.Keys = null;
        _time.Advance(TimeSpan.FromMinutes(11));

        Assert.That(await LoginAsync("one"), Is.EqualTo(AuthenticationOutcome.Accepted));
        Assert.That(_log.ToString(), Does.Contain("cannot be fetched"));
    }

    [Test]
    public async Task Without_any_key_a_client_may_try_again_later()
    {
        Assert.That(await LoginAsync("one"), Is.EqualTo(AuthenticationOutcome.Unavailable));
        _server.Keys = ["one"];
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.That(await LoginAsync("one"), Is.EqualTo(AuthenticationOutcome.Accepted));
    }

    private async Task<AuthenticationOutcome> LoginAsync(string keyId) =>
        (await _authenticator.AuthenticateAsync(Tokens.Request(Tokens.Create(Server.KeyOf(keyId), "ES256")), default)).Outcome;

    private sealed class Server : HttpMessageHandler
    {
        private static readonly Dictionary<string, ECDsaSecurityKey> All = new[] { "one", "two" }.ToDictionary(
            name => name,
            name => new ECDsaSecurityKey(System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256)) { KeyId = name });

        public string[]? Keys { get; set; }

        public int Calls { get; private set; }

        public static ECDsaSecurityKey KeyOf(string name) => All[name];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Calls++;
            return Task.FromResult(Keys is null
                ? new HttpResponseMessage(HttpStatusCode.BadGateway)
                : new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(Json(Keys)) });
        }

        private static string Json(string[] names) => JsonSerializer.Serialize(new
        {
            keys = names.Select(name => JsonWebKeyConverter.ConvertFromECDsaSecurityKey(All[name]))
                .Select(key => new { kty = key.Kty, kid = key.Kid, crv = key.Crv, x = key.X, y = key.Y, use = "sig" }),
        });
    }
}
