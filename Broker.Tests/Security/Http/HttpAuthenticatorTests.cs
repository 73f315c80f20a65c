using System.Net;
using System.Text;
using System.Text.Json;
using Broker.Configuration;
using Broker.Core.Ports;
using Broker.Security.Http;
using Broker.Tests.Configuration;
using Broker.Tests.Infrastructure;
using Broker.Tests.Security.Jwt;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace Broker.Tests.Security.Http;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HttpAuthenticatorTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly Server _server = new();
    private readonly HttpClient _http;
    private readonly LogLines _log = new();
    private readonly LoggerFactory _loggers;
    private readonly HttpAuthenticationOptions _options = new() { Url = "https://auth.example/check" };

    public HttpAuthenticatorTests()
    {
        _http = new HttpClient(_server);
        _loggers = new LoggerFactory([_log]);
    }

    public void Dispose()
    {
        _http.Dispose();
        _server.Dispose();
        _loggers.Dispose();
        _log.Dispose();
    }

    [Test]
    public async Task The_service_is_told_about_the_client_and_given_the_brokers_token()
    {
        _options.BearerToken = "broker-token";
        _server.Answer = _ => (HttpStatusCode.OK, """{"result":"allow","username":"ann"}""");

        AuthenticationResult result = await LoginAsync(Create(), "pw");

        Assert.That((result.Outcome, result.Username), Is.EqualTo((AuthenticationOutcome.Accepted, "ann")));
        using var body = JsonDocument.Parse(_server.Body!);
        Assert.That(body.RootElement.GetProperty("clientid").GetString(), Is.EqualTo("dev"));
        Assert.That(body.RootElement.GetProperty("username").GetString(), Is.EqualTo("given"));
        Assert.That(body.RootElement.GetProperty("password").GetString(), Is.EqualTo("pw"));
        Assert.That(_server.Authorization, Is.EqualTo("Bearer broker-token"));
    }

    [TestCase(200, """{"result":"allow"}""", AuthenticationOutcome.Accepted)]
    [TestCase(200, """{"result":"deny"}""", AuthenticationOutcome.BadCredentials)]
    [TestCase(200, """{"result":"ignore"}""", AuthenticationOutcome.Ignored)]
    [TestCase(200, """{}""", AuthenticationOutcome.Unavailable)]
    [TestCase(200, "<html>", AuthenticationOutcome.Unavailable)]
    [TestCase(200, "[]", AuthenticationOutcome.Unavailable)]
    [TestCase(204, "", AuthenticationOutcome.Accepted)]
    [TestCase(401, "", AuthenticationOutcome.BadCredentials)]
    [TestCase(403, "", AuthenticationOutcome.BadCredentials)]
    [TestCase(302, "", AuthenticationOutcome.Unavailable)]
    [TestCase(500, """{"result":"allow"}""", AuthenticationOutcome.Unavailable)]
    public async Task Answers(int status, string body, AuthenticationOutcome expected)
    {
        _server.Answer = _ => ((HttpStatusCode)status, body);

        Assert.That((await LoginAsync(Create(), "pw")).Outcome, Is.EqualTo(expected));
    }

    [Test]
    public async Task An_answer_carries_access_rules_and_limits_and_is_remembered_with_them()
    {
        _server.Answer = _ => (HttpStatusCode.OK, """{"result":"allow","acl":["allow publish a"],"limits":{"maximumSubscriptions":3}}""");
        HttpAuthenticator authenticator = Create();
        await LoginAsync(authenticator, "pw");

        AuthenticationResult result = await LoginAsync(authenticator, "pw");

        Assert.That((_server.Calls, result.Grants?.Rules, result.Limits), Is.EqualTo((1, new[] { "allow publish a" }, new ClientLimits { MaximumSubscriptions = 3 })));
    }

    [TestCase(""","acl":[]""", AuthenticationOutcome.Accepted)]
    [TestCase(""","acl":["allow all"]""", AuthenticationOutcome.Unavailable)]
    [TestCase(""","acl":{}""", AuthenticationOutcome.Unavailable)]
    [TestCase(""","limits":{"maximumQos":1,"RetainAvailable":false}""", AuthenticationOutcome.Accepted)]
    [TestCase(""","limits":{"maximumQos":3}""", AuthenticationOutcome.Unavailable)]
    [TestCase(""","limits":{"maximumQoos":1}""", AuthenticationOutcome.Unavailable)]
    [TestCase(""","limits":{"maximumQos":"high"}""", AuthenticationOutcome.Unavailable)]
    [TestCase(""","limits":7""", AuthenticationOutcome.Unavailable)]
    public async Task Rules_and_limits_that_cannot_be_used_are_a_failure_of_the_service(string members, AuthenticationOutcome expected)
    {
        _server.Answer = _ => (HttpStatusCode.OK, $$"""{"result":"allow"{{members}}}""");

        Assert.That((await LoginAsync(Create(), "pw")).Outcome, Is.EqualTo(expected));
    }

    [Test]
    public async Task Who_was_let_in_is_not_asked_about_for_a_while_and_a_wrong_password_always_is()
    {
        _server.Answer = body => body!.Contains("right", StringComparison.Ordinal) ? (HttpStatusCode.NoContent, "") : (HttpStatusCode.Unauthorized, "");
        HttpAuthenticator authenticator = Create();

        await LoginAsync(authenticator, "right");
        await LoginAsync(authenticator, "right");
        Assert.That(_server.Calls, Is.EqualTo(1));

        Assert.That((await LoginAsync(authenticator, "wrong")).Outcome, Is.EqualTo(AuthenticationOutcome.BadCredentials));
        Assert.That((await LoginAsync(authenticator, "wrong")).Outcome, Is.EqualTo(AuthenticationOutcome.BadCredentials));
        Assert.That(_server.Calls, Is.EqualTo(3));

        _time.Advance(TimeSpan.FromSeconds(61));
        await LoginAsync(authenticator, "right");
        Assert.That(_server.Calls, Is.EqualTo(4));
    }

    [Test]
    public async Task A_service_that_fails_is_left_alone_for_a_while()
    {
        _server.Answer = _ => (HttpStatusCode.BadGateway, "");
        HttpAuthenticator authenticator = Create();
        for (int i = 0; i < 20; i++)
        {
            Assert.That((await LoginAsync(authenticator, "pw")).Outcome, Is.EqualTo(AuthenticationOutcome.Unavailable));
        }

        Assert.That(_server.Calls, Is.EqualTo(5));
        Assert.That(_log.Lines.Single(), Does.Contain("is not asked for 10 s").And.Not.Contains("pw"));

        _server.Answer = _ => (HttpStatusCode.NoContent, "");
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.That((await LoginAsync(authenticator, "pw")).Outcome, Is.EqualTo(AuthenticationOutcome.Accepted));
    }

    [TestCase(1, AuthenticationOutcome.Accepted, 2)]
    [TestCase(0, AuthenticationOutcome.Unavailable, 1)]
    public async Task An_error_may_be_asked_about_again(int retries, AuthenticationOutcome expected, int calls)
    {
        _options.Retries = retries;
        _server.Answer = _ => _server.Calls == 1 ? (HttpStatusCode.ServiceUnavailable, "") : (HttpStatusCode.NoContent, "");

        Assert.That((await LoginAsync(Create(), "pw")).Outcome, Is.EqualTo(expected));
        Assert.That(_server.Calls, Is.EqualTo(calls));
    }

    [TestCase(401, "")]
    [TestCase(200, "<html>")]
    public async Task An_answer_is_not(int status, string body)
    {
        _options.Retries = 5;
        _server.Answer = _ => ((HttpStatusCode)status, body);

        await LoginAsync(Create(), "pw");

        Assert.That(_server.Calls, Is.EqualTo(1));
    }

    [Test]
    public async Task A_service_that_is_slow_is_not_asked_twice()
    {
        _options.Retries = 5;
        _server.Hangs = true;

        Task<AuthenticationResult> login = LoginAsync(Create(), "pw");
        _time.Advance(TimeSpan.FromSeconds(3));
        await login;

        Assert.That(_server.Calls, Is.EqualTo(1));
    }

    [Test]
    public async Task Headers_and_token_come_from_files()
    {
        using var directory = new TemporaryDirectory();
        _options.HeaderFiles["apikey"] = directory.Write("key", "key-of-file\n");
        _options.BearerTokenFile = directory.Write("token", "token-of-file\n");
        _server.Answer = _ => (HttpStatusCode.NoContent, "");

        await LoginAsync(Create(), "pw");

        Assert.That((_server.ApiKey, _server.Authorization), Is.EqualTo(("key-of-file", "Bearer token-of-file")));
    }

    [Test]
    public async Task A_file_that_is_gone_is_a_failure_and_no_exception()
    {
        _options.HeaderFiles["apikey"] = "no-such-file";

        Assert.That((await LoginAsync(Create(), "pw")).Outcome, Is.EqualTo(AuthenticationOutcome.Unavailable));
    }

    [Test]
    public async Task A_service_that_does_not_answer_in_time_has_failed()
    {
        _server.Hangs = true;

        Task<AuthenticationResult> login = LoginAsync(Create(), "pw");
        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.That((await login).Outcome, Is.EqualTo(AuthenticationOutcome.Unavailable));
    }

    [TestCase("good-token", AuthenticationOutcome.Accepted, "user-1")]
    [TestCase("bad-token", AuthenticationOutcome.BadCredentials, null)]
    [TestCase("bad\r\nX-Injected: 1", AuthenticationOutcome.BadCredentials, null)]
    public async Task Supabase_tells_whose_access_token_it_is(string token, AuthenticationOutcome expected, string? user)
    {
        _options.Url = "https://project.supabase.example/auth/v1/user";
        _options.Method = HttpAuthenticationMethod.GetBearer;
        _options.UsernameMember = "id";
        _options.Headers["apikey"] = "anon-key";
        _server.Answer = _ => _server is { Authorization: "Bearer good-token", ApiKey: "anon-key" }
            ? (HttpStatusCode.OK, """{"id":"user-1","email":"ann@example.com","aud":"authenticated"}""")
            : (HttpStatusCode.Unauthorized, """{"msg":"invalid JWT"}""");

        AuthenticationResult result = await LoginAsync(Create(), token);

        Assert.That((result.Outcome, result.Username), Is.EqualTo((expected, user)));
    }

    [Test]
    public async Task A_client_without_credentials_is_left_to_others() =>
        Assert.That(
            (await Create().AuthenticateAsync(Tokens.Request(null, null), default)).Outcome, Is.EqualTo(AuthenticationOutcome.Ignored));

    private HttpAuthenticator Create() => new(_options, _http, _time, _loggers.CreateLogger<HttpAuthenticator>());

    private static async Task<AuthenticationResult> LoginAsync(HttpAuthenticator authenticator, string password) =>
        await authenticator.AuthenticateAsync(Tokens.Request(password), default);

    private sealed class Server : HttpMessageHandler
    {
        public Func<string?, (HttpStatusCode Status, string Body)> Answer { get; set; } = _ => (HttpStatusCode.OK, "");

        public bool Hangs { get; set; }

        public int Calls { get; private set; }

        public string? Body { get; private set; }

        public string? Authorization { get; private set; }

        public string? ApiKey { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Calls++;
            Body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
            Authorization = request.Headers.Authorization?.ToString();
            ApiKey = request.Headers.TryGetValues("apikey", out IEnumerable<string>? values) ? values.Single() : null;
            if (Hangs)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            (HttpStatusCode status, string body) = Answer(Body);
            return new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        }
    }
}
