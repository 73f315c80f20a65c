using Broker.Configuration;
using Broker.Core.Ports;
using Broker.Primitives;
using Broker.Security;
using Broker.Tests.Infrastructure;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Broker.Tests.Security;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class FlappingDetectorTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedAuthenticator _next = new();
    private readonly FlappingOptions _options = new() { Connects = 3, WindowSeconds = 10, BanSeconds = 60 };
    private readonly BanningAuthenticator _authenticator;

    public FlappingDetectorTests()
    {
        BanList bans = new(new BanOptions(), _time);
        _authenticator = new BanningAuthenticator(bans, new FlappingDetector(_options, bans, _time, NullLogger<FlappingDetector>.Instance), _next);
    }

    [Test]
    public async Task Too_many_logins_in_the_window_ban_the_ClientId_for_a_while()
    {
        Assert.That(await LoginAsync(2), Is.EqualTo(AuthenticationOutcome.Accepted));
        Assert.That(await LoginAsync(1), Is.EqualTo(AuthenticationOutcome.Banned));
        Assert.That(await LoginAsync(1, "other"), Is.EqualTo(AuthenticationOutcome.Accepted));

        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.That(await LoginAsync(1), Is.EqualTo(AuthenticationOutcome.Banned));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await LoginAsync(2), Is.EqualTo(AuthenticationOutcome.Accepted));
    }

    [Test]
    public async Task Logins_that_are_far_enough_apart_are_allowed()
    {
        for (int login = 0; login < 20; login++)
        {
            Assert.That(await LoginAsync(1), Is.EqualTo(AuthenticationOutcome.Accepted));
            _time.Advance(TimeSpan.FromSeconds(6));
        }
    }

    [Test]
    public async Task Who_cannot_log_in_gets_nobody_banned()
    {
        _next.Answer = _ => ValueTask.FromResult(AuthenticationResult.BadCredentials);
        await LoginAsync(10);
        _next.Answer = _ => ValueTask.FromResult(AuthenticationResult.Accepted);

        Assert.That(await LoginAsync(1), Is.EqualTo(AuthenticationOutcome.Accepted));
    }

    [Test]
    public async Task Without_a_limit_nobody_flaps()
    {
        _options.Connects = 0;

        Assert.That(await LoginAsync(100), Is.EqualTo(AuthenticationOutcome.Accepted));
    }

    // The outcome of the last one.
    private async Task<AuthenticationOutcome> LoginAsync(int times, string clientId = "c1")
    {
        AuthenticationOutcome last = default;
        for (int i = 0; i < times; i++)
        {
            AuthenticationRequest request = new() { Protocol = ClientProtocol.Mqtt5, ClientId = clientId, Listener = "mqtt" };
            last = (await _authenticator.AuthenticateAsync(request, default)).Outcome;
        }

        return last;
    }
}
