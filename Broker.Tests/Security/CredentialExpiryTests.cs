using Broker.Core.Ports;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Security;

internal sealed class CredentialExpiryTests
{
    private TestBroker _broker = null!;

    [SetUp]
    public void Open()
    {
        _broker = new TestBroker();
        _broker.Authenticator.Answer = _ => ValueTask.FromResult(
            new AuthenticationResult(AuthenticationOutcome.Accepted) { ExpiresAt = _broker.Time.GetUtcNow().AddMinutes(1) });
    }

    [TearDown]
    public void Close() => _broker.Dispose();

    [Test]
    public void A_connection_ends_when_its_credentials_do_however_busy_it_is()
    {
        MqttClient client = MqttClient.Connect(_broker, "c1");
        _broker.Time.Advance(TimeSpan.FromSeconds(59.5));
        client.Ping();
        Assert.That(client.Packets(), Is.EqualTo(new[] { "PINGRESP" }));

        _broker.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.That((client.Packets(), client.IsClosed), Is.EqualTo((new[] { "DISCONNECT 87" }, true)));
    }

    [Test]
    public void Credentials_that_do_not_expire_end_nothing()
    {
        _broker.Authenticator.Answer = _ => ValueTask.FromResult(AuthenticationResult.Accepted);
        MqttClient client = MqttClient.Connect(_broker, "c1");

        _broker.Time.Advance(TimeSpan.FromHours(1));

        Assert.That(client.IsClosed, Is.False);
    }
}
