using Broker.Core.Ports;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Security;

/// <summary>What authentication found out reaches the access rules, whatever the client speaks.</summary>
internal sealed class GrantsTests
{
    private TestBroker _broker = null!;

    [SetUp]
    public void Open()
    {
        _broker = new TestBroker();
        _broker.Authenticator.Answer = static request => ValueTask.FromResult(AuthenticationResult.Accepted with
        {
            Grants = request.Username is { } user ? new ClientGrants { Rules = [user] } : null,
        });
        _broker.Authorizer.Rule = static (client, _, _) => client.Grants?.Rules is ["trusted"];
    }

    [TearDown]
    public void Close() => _broker.Dispose();

    [TestCase("trusted", "SUBACK 00")]
    [TestCase("other", "SUBACK 87")]
    [TestCase(null, "SUBACK 87")]
    public void Of_an_MQTT_client(string? user, string answer)
    {
        MqttClient client = MqttClient.Connect(_broker, "dev", change: packet => packet.Username = user);

        client.Subscribe("a");

        Assert.That(client.Packets(), Is.EqualTo(new[] { answer }));
    }

    [Test]
    public void Of_a_resumed_session_they_are_those_of_the_new_login()
    {
        Resume("trusted").Subscribed("a").Connection.Vanish();
        Assert.That(_broker.Broker.Sessions.Find("dev")!.SubscriptionCount, Is.EqualTo(1));

        Resume("trusted").Connection.Vanish();
        Assert.That(_broker.Broker.Sessions.Find("dev")!.SubscriptionCount, Is.EqualTo(1));

        Resume("other");
        Assert.That(_broker.Broker.Sessions.Find("dev")!.SubscriptionCount, Is.Zero);
    }

    [TestCase("trusted", "20 Connect Successfully")]
    [TestCase("other", "21 not authorized to publish to tcp/dev/up")]
    public void Of_a_device(string user, string answer) =>
        Assert.That(DeviceClient.Open(_broker, "dev", user).Frames(), Is.EqualTo(new[] { answer }));

    private MqttClient Resume(string user) => MqttClient.Connect(_broker, "dev", clean: false, change: packet =>
    {
        packet.Username = user;
        packet.SessionExpiryInterval = 60;
    });
}
