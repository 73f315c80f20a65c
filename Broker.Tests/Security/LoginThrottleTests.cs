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

    [Test]
    public async Task Who_has_failed_has_no_more_guesses_in_parallel_than_one_after_the_other()
    {
        await FailAsync(1, "10.0.0.1");
        var gate = Hold();

        Task<AuthenticationOutcome>[] guesses = [.. Enumerable.Range(0, 20).Select(_ => LoginAsync("10.0.0.1", "x", "wrong"))];
        Assert.That(_asked, Is.EqualTo(1 + 2), "three failures are free");
        gate.SetResult();

        Assert.That((await Task.WhenAll(guesses)).Count(outcome => outcome == AuthenticationOutcome.BadCredentials), Is.EqualTo(2));
        Assert.That(await LoginAsync("10.0.0.1", "x", "right"), Is.EqualTo(AuthenticationOutcome.Unavailable));
    }

    [Test]
    public async Task Many_at_once_from_an_address_that_has_not_failed_are_all_asked()
    {
        var gate = Hold();

        Task<AuthenticationOutcome>[] logins = [.. Enumerable.Range(0, 20).Select(_ => LoginAsync("10.0.0.1", "x", "right"))];
        gate.SetResult();

        Assert.That(await Task.WhenAll(logins), Is.All.EqualTo(AuthenticationOutcome.Accepted));
        Assert.That(await LoginAsync("10.0.0.1", "x", "wrong"), Is.EqualTo(AuthenticationOutcome.BadCredentials), "none is in progress any more");
        Assert.That(await LoginAsync("10.0.0.1", "x", "right"), Is.EqualTo(AuthenticationOutcome.Accepted));
    }

    [Test]
    public async Task Addresses_that_have_failed_leave_places_to_those_that_have_not()
    {
        for (int i = 0; i < 100; i++)
        {
            await LoginAsync($"10.0.1.{i}", $"user{i}", "wrong");
        }

        var gate = Hold();
        _asked = 0;
        Task<AuthenticationOutcome>[] guesses = [.. Enumerable.Range(0, 100).Select(i => LoginAsync($"10.0.1.{i}", $"user{i}", "wrong"))];
        Task<AuthenticationOutcome> login = LoginAsync("10.0.0.2", "ann", "right");
        Assert.That(_asked, Is.EqualTo(50 + 1));
        gate.SetResult();

        await Task.WhenAll(guesses);
        Assert.That(await login, Is.EqualTo(AuthenticationOutcome.Accepted));
        Assert.That(await LoginAsync("10.0.1.99", "user99", "right"), Is.EqualTo(AuthenticationOutcome.Accepted), "the places are free again");
    }

    [TestCase("wrong", true)]
    [TestCase("right", false)]
    public async Task Who_has_waited_is_judged_again_by_what_others_have_done_meanwhile(string password, bool isRefused)
    {
        Func<bool>? isRefusedMeanwhile = null;
        var gate = new TaskCompletionSource<AuthenticationResult>();
        _next.Answer = request =>
        {
            isRefusedMeanwhile = request.IsRefusedMeanwhile;
            return new ValueTask<AuthenticationResult>(gate.Task);
        };
        Task<AuthenticationOutcome> waiting = LoginAsync("10.0.0.1", "x", "any");
        Func<bool>? judged = isRefusedMeanwhile;
        _next.Answer = request => ValueTask.FromResult(
            request.Password!.Value.Span.SequenceEqual("right"u8) ? AuthenticationResult.Accepted : AuthenticationResult.BadCredentials);
        for (int i = 0; i < 2; i++)
        {
            await LoginAsync("10.0.0.1", "x", password);
        }

        await LoginAsync("10.0.0.1", "x", password);
        Assert.That(judged!(), Is.EqualTo(false), "two failures and the one in progress are all that may be");
        gate.SetResult(AuthenticationResult.BadCredentials);
        await waiting;
        Assert.That(judged(), Is.EqualTo(isRefused));
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

    private TaskCompletionSource Hold()
    {
        var gate = new TaskCompletionSource();
        _next.Answer = async request =>
        {
            _asked++;
            await gate.Task;
            return request.Password!.Value.Span.SequenceEqual("right"u8) ? AuthenticationResult.Accepted : AuthenticationResult.BadCredentials;
        };
        return gate;
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
