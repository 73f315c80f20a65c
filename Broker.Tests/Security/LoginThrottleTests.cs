using System.Net;
using System.Text;
using Broker.Configuration;
using Broker.Core.Ports;
using Broker.Primitives;
using Broker.Security;
using Broker.Tests.Infrastructure;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Broker.Tests.Security;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class LoginThrottleTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedAuthenticator _next = new();
    private readonly ThrottleOptions _options = new() { FailuresBeforeDelay = 3, MaximumDelaySeconds = 8 };
    private readonly LoginThrottle _throttle;
    private int _asked;

    public LoginThrottleTests()
    {
        _next.Answer = request =>
        {
            _asked++;
            return ValueTask.FromResult(
                request.Password!.Value.Span.SequenceEqual("right"u8) ? AuthenticationResult.Accepted : AuthenticationResult.BadCredentials);
        };
        _throttle = new LoginThrottle(_options, _next, _time);
    }

    [Test]
    public async Task An_address_that_guesses_waits_twice_as_long_each_time()
    {
        await FailAsync(3, "10.0.0.1");
        Assert.That(await LoginAsync("10.0.0.1", "x", "right"), Is.EqualTo(AuthenticationOutcome.Unavailable));
        Assert.That(_asked, Is.EqualTo(3), "who must wait is not asked");

        foreach (int seconds in (int[])[1, 2, 4, 8, 8])
        {
            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            Assert.That(await LoginAsync("10.0.0.1", "x", "wrong"), Is.EqualTo(AuthenticationOutcome.Unavailable), $"before {seconds} s");
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.That(await LoginAsync("10.0.0.1", "x", "wrong"), Is.EqualTo(AuthenticationOutcome.BadCredentials), $"after {seconds} s");
        }
    }

    [Test]
    public async Task Others_are_not_delayed_and_a_right_password_begins_anew()
    {
        await FailAsync(3, "10.0.0.1");
        Assert.That(await LoginAsync("10.0.0.2", "y", "right"), Is.EqualTo(AuthenticationOutcome.Accepted));

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await LoginAsync("10.0.0.1", "y", "right"), Is.EqualTo(AuthenticationOutcome.Accepted));
        Assert.That(await LoginAsync("10.0.0.1", "y", "wrong"), Is.EqualTo(AuthenticationOutcome.BadCredentials));
        Assert.That(await LoginAsync("10.0.0.1", "y", "right"), Is.EqualTo(AuthenticationOutcome.Accepted));
    }

    [Test]
    public async Task A_user_guessed_at_from_many_addresses_is_protected_but_not_shut_out()
    {
        Assert.That(await LoginAsync("10.9.9.9", "ann", "right"), Is.EqualTo(AuthenticationOutcome.Accepted));
        for (int i = 1; i <= 3; i++)
        {
            await LoginAsync($"10.0.0.{i}", "ann", "wrong");
        }

        Assert.That(await LoginAsync("10.0.0.77", "ann", "right"), Is.EqualTo(AuthenticationOutcome.Unavailable));
        Assert.That(await LoginAsync("10.9.9.9", "ann", "right"), Is.EqualTo(AuthenticationOutcome.Accepted));
    }

    [Test]
    public async Task The_addresses_of_an_IPv6_network_are_one()
    {
        for (int i = 1; i <= 3; i++)
        {
            await LoginAsync($"2001:db8::{i}", $"user{i}", "wrong");
        }

        Assert.That(await LoginAsync("2001:db8::9", "y", "right"), Is.EqualTo(AuthenticationOutcome.Unavailable));
        Assert.That(await LoginAsync("2001:db9::9", "y", "right"), Is.EqualTo(AuthenticationOutcome.Accepted));
    }

    [TestCase("dev", "ann", "10.1.1.1", AuthenticationOutcome.Accepted)]
    [TestCase("bad", "ann", "10.1.1.1", AuthenticationOutcome.Banned)]
    [TestCase("dev", "eve", "10.1.1.1", AuthenticationOutcome.Banned)]
    [TestCase("dev", "ann", "10.6.1.1", AuthenticationOutcome.Banned)]
    [TestCase("dev", "ann", "::ffff:10.6.1.1", AuthenticationOutcome.Banned)]
    public async Task Bans(string clientId, string user, string address, AuthenticationOutcome expected)
    {
        BanningAuthenticator bans = new(new BanList(new BanOptions { ClientIds = ["bad"], Users = ["eve"], Networks = ["10.6.0.0/16"] }, _time), NoFlapping(), _next);

        AuthenticationResult result = await bans.AuthenticateAsync(Request(address, user, "right", clientId), default);

        Assert.That(result.Outcome, Is.EqualTo(expected));
    }

    [Test]
    public async Task A_user_banned_under_the_name_that_a_token_proves_is_banned()
    {
        _next.Answer = _ => ValueTask.FromResult(new AuthenticationResult(AuthenticationOutcome.Accepted, Username: "eve"));
        BanningAuthenticator bans = new(new BanList(new BanOptions { Users = ["eve"] }, _time), NoFlapping(), _next);

        Assert.That((await bans.AuthenticateAsync(Request("10.0.0.1", "other", "x"), default)).Outcome, Is.EqualTo(AuthenticationOutcome.Banned));
    }

    private FlappingDetector NoFlapping() =>
        new(new FlappingOptions(), new BanList(new BanOptions(), _time), _time, NullLogger<FlappingDetector>.Instance);

    private async Task FailAsync(int times, string address)
    {
        for (int i = 0; i < times; i++)
        {
            Assert.That(await LoginAsync(address, "x", "wrong"), Is.EqualTo(AuthenticationOutcome.BadCredentials));
        }
    }

    private async Task<AuthenticationOutcome> LoginAsync(string address, string user, string password) =>
        (await _throttle.AuthenticateAsync(Request(address, user, password), default)).Outcome;

    private static AuthenticationRequest Request(string address, string user, string password, string clientId = "dev") => new()
    {
        Protocol = ClientProtocol.Mqtt5,
        ClientId = clientId,
        Username = user,
        Password = Encoding.UTF8.GetBytes(password),
        Listener = "mqtt",
        Peer = new IPEndPoint(IPAddress.Parse(address), 1),
    };
}
