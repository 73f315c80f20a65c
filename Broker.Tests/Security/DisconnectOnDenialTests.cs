using Broker.Core.Ports;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Security;

/// <summary>Whether a client that does what it may not stays connected.</summary>
internal sealed class DisconnectOnDenialTests
{
    private TestBroker _broker = null!;

    [SetUp]
    public void Open()
    {
        _broker = new TestBroker();
        _broker.Authorizer.Rule = static (client, _, topic) => topic.StartsWith("open/", StringComparison.Ordinal);
    }

    [TearDown]
    public void Close() => _broker.Dispose();

    [TestCase(MqttVersion.V5, false, "PUBACK #1 87", false)]
    [TestCase(MqttVersion.V5, true, "DISCONNECT 87", true)]
    [TestCase(MqttVersion.V311, false, "PUBACK #1 00", false)]
    [TestCase(MqttVersion.V311, true, null, true)]
    public void A_publish(MqttVersion version, bool disconnects, string? answer, bool closed)
    {
        _broker.Options.Authorization.DisconnectOnDenial = disconnects;
        MqttClient client = MqttClient.Connect(_broker, "dev", version);

        client.Publish("secret/1", "s", Qos.AtLeastOnce, packetId: 1);

        Assert.That((client.Packets().SingleOrDefault(), client.IsClosed), Is.EqualTo((answer, closed)));
    }

    [TestCase(MqttVersion.V5, false, "SUBACK 87", false)]
    [TestCase(MqttVersion.V5, true, "DISCONNECT 87", true)]
    [TestCase(MqttVersion.V311, false, "SUBACK 80", false)]
    [TestCase(MqttVersion.V311, true, null, true)]
    public void A_subscription(MqttVersion version, bool disconnects, string? answer, bool closed)
    {
        _broker.Options.Authorization.DisconnectOnDenial = disconnects;
        MqttClient client = MqttClient.Connect(_broker, "dev", version);

        client.Subscribe("secret/#");

        Assert.That((client.Packets().SingleOrDefault(), client.IsClosed), Is.EqualTo((answer, closed)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void An_uplink(bool disconnects)
    {
        _broker.Options.Authorization.DisconnectOnDenial = disconnects;
        _broker.Authorizer.Rule = null;
        DeviceClient device = DeviceClient.Connect(_broker, "dev");
        _broker.Authorizer.Rule = static (_, action, _) => action != TopicAction.Publish;

        device.Uplink("up");

        Assert.That(device.IsClosed, Is.EqualTo(disconnects));
    }

    [Test]
    public void Who_does_what_it_may_stays()
    {
        _broker.Options.Authorization.DisconnectOnDenial = true;
        MqttClient client = MqttClient.Connect(_broker, "dev");

        client.Subscribe("open/#");
        client.Publish("open/1", "o");

        Assert.That((client.Packets(), client.IsClosed), Is.EqualTo((new[] { "SUBACK 00", "PUBLISH open/1 o" }, false)));
    }
}
