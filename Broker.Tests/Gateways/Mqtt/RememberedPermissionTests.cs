using Broker.Observability;
using Broker.Primitives;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Gateways.Mqtt;

/// <summary>A client that keeps to one topic is asked about once, until something changes.</summary>
internal sealed class RememberedPermissionTests
{
    private TestBroker _broker = null!;
    private MqttClient _client = null!;
    private MqttClient _watcher = null!;

    [SetUp]
    public void Open()
    {
        _broker = new TestBroker();
        _watcher = MqttClient.Connect(_broker, "watcher").Subscribed("#");
        _client = MqttClient.Connect(_broker, "c1");
        _broker.Authorizer.Rule = static (_, _, topic) => topic != "secret";
    }

    [TearDown]
    public void Close() => _broker.Dispose();

    [Test]
    public void The_same_publish_is_asked_for_once()
    {
        Publish(3, "a");

        Assert.That(_broker.Authorizer.Questions, Is.EqualTo(1));
        Assert.That(_watcher.Packets(), Has.Length.EqualTo(3));
    }

    [Test]
    public void Another_topic_QoS_or_RETAIN_is_asked_for()
    {
        Publish(2, "a");
        Publish(2, "a", retain: true);
        Publish(2, "a", Qos.AtLeastOnce);
        Publish(1, "b");
        Publish(1, "a");

        Assert.That(_broker.Authorizer.Questions, Is.EqualTo(5));
    }

    [Test]
    public void What_was_permitted_on_one_topic_is_not_permitted_on_the_next()
    {
        Publish(2, "a");
        Publish(2, "secret");
        Publish(1, "a");

        Assert.That(_watcher.Packets(), Has.Length.EqualTo(3));
        Assert.That(_broker.Dropped(DropReason.NotAuthorized), Is.EqualTo(2));
    }

    [Test]
    public void A_denial_is_never_remembered()
    {
        Publish(3, "secret");

        Assert.That((_broker.Authorizer.Questions, _broker.Dropped(DropReason.NotAuthorized)), Is.EqualTo((3, 3L)));
    }

    [Test]
    public void Other_rules_hold_from_the_next_publish_on()
    {
        Publish(1, "a");
        _broker.Authorizer.Rule = static (_, _, topic) => topic != "a";
        Publish(1, "a");
        _broker.Authorizer.Rule = static (_, _, _) => true;
        Publish(1, "a");

        Assert.That(_watcher.Packets(), Has.Length.EqualTo(2));
        Assert.That(_broker.Dropped(DropReason.NotAuthorized), Is.EqualTo(1));
    }

    [Test]
    public void Other_subscriptions_change_the_route_and_not_the_permission()
    {
        Publish(1, "a");
        MqttClient late = MqttClient.Connect(_broker, "late").Subscribed("a");
        int asked = _broker.Authorizer.Questions;
        Publish(1, "a");

        Assert.That(late.Packets(), Has.Length.EqualTo(1));
        Assert.That(_broker.Authorizer.Questions, Is.EqualTo(asked));
    }

    [Test]
    public void Where_every_publish_counts_every_one_is_asked_for()
    {
        _broker.Authorizer.Version = 0;

        Publish(3, "a");

        Assert.That(_broker.Authorizer.Questions, Is.EqualTo(3));
    }

    [Test]
    public void A_device_is_asked_about_once_until_the_rules_change()
    {
        DeviceClient device = DeviceClient.Connect(_broker, "d1");
        device.Uplink("x");
        int asked = _broker.Authorizer.Questions;
        device.Uplink("x");
        Assert.That(_broker.Authorizer.Questions, Is.EqualTo(asked));

        _broker.Authorizer.Rule = static (_, _, _) => false;
        device.Uplink("x");

        Assert.That(_watcher.Packets(), Has.Length.EqualTo(2));
    }

    private void Publish(int count, string topic, Qos qos = Qos.AtMostOnce, bool retain = false)
    {
        for (int index = 0; index < count; index++)
        {
            _client.Publish(topic, "x", qos, packetId: qos == Qos.AtMostOnce ? (ushort)0 : (ushort)(index + 1), retain: retain);
        }
    }
}
