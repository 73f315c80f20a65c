using Broker.Core.Ports;
using Broker.Observability;
using Broker.Primitives;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Security;

/// <summary>What a client may not receive does not reach it, by whatever way it would come.</summary>
internal sealed class DeliveryCheckTests
{
    private TestBroker _broker = null!;

    [SetUp]
    public void Open()
    {
        _broker = new TestBroker();
        _broker.Authorizer.ChecksDelivery = true;
        _broker.Authorizer.Rule = static (_, action, topic) => action != TopicAction.Receive || !topic.StartsWith("secret/", StringComparison.Ordinal);
    }

    [TearDown]
    public void Close() => _broker.Dispose();

    [TestCase("#", Qos.AtMostOnce)]
    [TestCase("#", Qos.AtLeastOnce)]
    [TestCase("$share/group/#", Qos.AtMostOnce)]
    [TestCase("$share/group/#", Qos.AtLeastOnce)]
    public void A_published_message(string filter, Qos qos)
    {
        MqttClient client = MqttClient.Connect(_broker, "dev").Subscribed(filter, qos);

        _broker.Publish("secret/1", "s", qos);
        _broker.Publish("open/1", "o", qos);

        Assert.That(client.Packets().Single(), Does.StartWith("PUBLISH open/1 o"));
        Assert.That(_broker.Dropped(DropReason.NotAuthorized), Is.EqualTo(1));
    }

    [Test]
    public void A_retained_message()
    {
        _broker.Publish("secret/1", "s", retain: true);
        _broker.Publish("open/1", "o", retain: true);

        MqttClient client = MqttClient.Connect(_broker, "dev");
        client.Subscribe("#");

        Assert.That(client.Packets(), Is.EqualTo(new[] { "SUBACK 00", "PUBLISH open/1 o retain" }));
    }

    [Test]
    public void A_message_for_a_client_that_is_away()
    {
        void Resume(Broker.Protocols.Mqtt.ConnectPacket packet) => packet.SessionExpiryInterval = 60;
        MqttClient.Connect(_broker, "dev", clean: false, change: Resume).Subscribed("#", Qos.AtLeastOnce).Connection.Vanish();
        _broker.Publish("secret/1", "s", Qos.AtLeastOnce);
        _broker.Publish("open/1", "o", Qos.AtLeastOnce);

        Assert.That(
            MqttClient.Open(_broker, "dev", clean: false, change: Resume).Packets(), Is.EqualTo(new[] { "CONNACK 00 present", "PUBLISH open/1 o q1 #1" }));
    }

    [TestCase(true, 2)]
    [TestCase(false, 1)]
    public void Rules_that_change_end_the_subscriptions_that_they_do_not_allow(bool stillAllowed, int subscriptions)
    {
        MqttClient client = MqttClient.Connect(_broker, "dev").Subscribed("secret/#").Subscribed("open/#");
        _broker.Authorizer.Rule = (_, action, topic) => stillAllowed || !topic.StartsWith("secret/", StringComparison.Ordinal);
        _broker.Authorizer.ChecksDelivery = false;

        _broker.Broker.Sessions.DropForbiddenSubscriptions();
        _broker.Publish("secret/1", "s");
        _broker.Publish("open/1", "o");

        Assert.That((client.IsClosed, client.Packets().Length), Is.EqualTo((false, subscriptions)));
    }

    [Test]
    public void Where_no_rule_asks_for_it_a_granted_subscription_suffices()
    {
        _broker.Authorizer.ChecksDelivery = false;
        MqttClient client = MqttClient.Connect(_broker, "dev").Subscribed("#");

        _broker.Publish("secret/1", "s");

        Assert.That(client.Packets(), Is.EqualTo(new[] { "PUBLISH secret/1 s" }));
    }
}
