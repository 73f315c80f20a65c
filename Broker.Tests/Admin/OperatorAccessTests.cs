using System.Text;
using Broker.Admin;
using Broker.Configuration;
using Broker.Tests.Configuration;
using Broker.Tests.Infrastructure;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Broker.Tests.Admin;

internal sealed class OperatorAccessTests
{
    private const string Token = "0123456789abcdef";

    private readonly TemporaryDirectory _directory = new();
    private readonly LogLines _log = new();
    private readonly ManualTimeProvider _time = new();

    [OneTimeTearDown]
    public void TearDown()
    {
        _directory.Dispose();
        _log.Dispose();
    }

    [TestCase("Bearer " + Token, "200 ")]
    [TestCase("bearer " + Token, "200 ")]
    [TestCase("Bearer " + Token + "0", "401 ")]
    [TestCase("Bearer", "401 ")]
    [TestCase(Token, "401 ")]
    [TestCase("Digest " + Token, "401 ")]
    [TestCase("Basic not-base64", "401 ")]
    [TestCase("", "401 ")]
    [TestCase(null, "401 ")]
    public async Task With_a_token_configured_nobody_gets_in_without(string? authorization, string answer)
    {
        OperatorAccess access = Create(new AdminOptions { Token = Token });

        Assert.That(await AskAsync(access, "/metrics", authorization), Does.StartWith(answer));
        Assert.That(await AskAsync(access, "/health/live", authorization), Does.StartWith("200 "));
    }

    [TestCase("operator:" + Token, "200 ")]
    [TestCase(":" + Token, "200 ")]
    [TestCase("operator:wrong", "401 ")]
    [TestCase(Token, "401 ")]
    public async Task The_token_is_the_password_of_HTTP_Basic(string pair, string answer) => Assert.That(
        await AskAsync(Create(new AdminOptions { Token = Token }), "/metrics", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(pair))),
        Does.StartWith(answer));

    [TestCase("", "200 ")]
    [TestCase("localhost:18083", "200 ")]
    [TestCase("127.0.0.1:18083", "200 ")]
    [TestCase("[::1]:18083", "200 ")]
    [TestCase("attacker.example:18083", "403 ")]
    public async Task Without_a_token_it_is_asked_by_address(string host, string answer)
    {
        Assert.That(await AskAsync(Create(new AdminOptions()), "/bans", null, host), Does.StartWith(answer));
        Assert.That(await AskAsync(Create(new AdminOptions { Token = Token }), "/bans", "Bearer " + Token, host), Does.StartWith("200 "));
    }

    [Test]
    public async Task A_refusal_is_logged_without_what_was_tried_and_not_too_often()
    {
        OperatorAccess access = Create(new AdminOptions { Token = Token });
        for (int i = 0; i < 100; i++)
        {
            await AskAsync(access, "/metrics", "Bearer guessed-secret");
        }

        Assert.That(_log.Lines, Has.Count.EqualTo(5));
        Assert.That(_log.ToString(), Does.Contain("refused to 127.0.0.1").And.Not.Contain("guessed-secret").And.Not.Contain(Token));
    }

    [Test]
    public async Task The_token_comes_from_a_file_and_changes_with_it()
    {
        string file = _directory.Write("token", Token + "\n");
        OperatorAccess access = Create(new AdminOptions { TokenFile = file });
        Assert.That(await AskAsync(access, "/metrics", "Bearer " + Token), Does.StartWith("200 "));

        _directory.Write("token", "fedcba9876543210");
        Assert.That(access.TryReload(), Is.Null);
        Assert.That(await AskAsync(access, "/metrics", "Bearer " + Token), Does.StartWith("401 "));
        Assert.That(await AskAsync(access, "/metrics", "Bearer fedcba9876543210"), Does.StartWith("200 "));

        _directory.Write("token", "");
        Assert.That(access.TryReload(), Does.Contain("shorter than 16"));
        Assert.That(await AskAsync(access, "/metrics", "Bearer "), Does.StartWith("401 "));
        Assert.That(await AskAsync(access, "/metrics", "Bearer fedcba9876543210"), Does.StartWith("200 "));
    }

    [Test]
    public async Task A_token_that_cannot_be_read_lets_nobody_in()
    {
        OperatorAccess access = Create(new AdminOptions { TokenFile = Path.Combine(_directory.Path, "missing") });

        Assert.That(access.Problem, Does.Contain("cannot be read"));
        Assert.That(await AskAsync(access, "/metrics", "Bearer "), Does.StartWith("401 "));
    }

    private OperatorAccess Create(AdminOptions options) => new(options, _time, _log.CreateLogger("test"));

    private static async Task<string> AskAsync(OperatorAccess access, string path, string? authorization, string host = "")
    {
        DefaultHttpContext http = TestEndpoints.Request("GET", authorization: authorization);
        http.Request.Path = path;
        http.Request.Host = new HostString(host);
        await access.InvokeAsync(http, static _ => Task.CompletedTask);
        return TestEndpoints.Answer(http);
    }
}
