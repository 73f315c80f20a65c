using Broker.Configuration;
using Broker.Core.Ports;
using Broker.Primitives;
using Broker.Security;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Broker.Tests.Security;

/// <summary>Bans hold for authentication in several steps as well.</summary>
internal sealed class BanningEnhancedAuthenticatorTests
{
    [TestCase("bad", "ann", AuthenticationOutcome.Banned)]
    [TestCase("dev", "eve", AuthenticationOutcome.Banned)]
    [TestCase("dev", "ann", AuthenticationOutcome.Accepted)]
    public async Task A_banned_client_or_user_does_not_get_in(string clientId, string provenUser, AuthenticationOutcome expected)
    {
        BanList bans = new(new BanOptions { ClientIds = ["bad"], Users = ["eve"] }, TimeProvider.System);
        BanningEnhancedAuthenticator authenticator = new(bans, new FlappingDetector(new FlappingOptions(), bans, TimeProvider.System, NullLogger<FlappingDetector>.Instance), new OneStep(provenUser));
        AuthenticationRequest request = new() { Protocol = ClientProtocol.Mqtt5, ClientId = clientId, Listener = "mqtt" };

        AuthenticationStep step = await authenticator.Begin(request).ContinueAsync(default, default);

        Assert.That(step.Result?.Outcome, Is.EqualTo(expected));
    }

    private sealed class OneStep(string user) : IEnhancedAuthenticator, IAuthenticationExchange
    {
        public string Method => "ONE-STEP";

        public IAuthenticationExchange Begin(AuthenticationRequest request) => this;

        public ValueTask<AuthenticationStep> ContinueAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
            ValueTask.FromResult(new AuthenticationStep(new AuthenticationResult(AuthenticationOutcome.Accepted, Username: user)));
    }
}
