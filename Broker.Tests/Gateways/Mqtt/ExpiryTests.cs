using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Gateways.Mqtt;

/// <summary>Session Expiry Interval, Clean Start and Clean Session, Message Expiry Interval.</summary>
internal sealed class ExpiryTests
{
    private TestBroker _broker = null!;

    [SetUp]
    public void Open() => _broker = new TestBroker(static options => options.Sessions.MaximumExpiryIntervalSeconds = 1000);

    [TearDown]
    public void Close() => _broker.Dispose();

    [TestCase(9, "CONNACK 00 present")]
    [TestCase(11, "CONNACK 00")]
    public void A_session_is_kept_for_its_expiry_MQTT_3_1_2_23(int seconds, string answer)
    {
        Connect("c1", expiry: 10).Connection.Vanish();

        _broker.Time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.That(Open("c1").Packets(), Is.EqualTo(new[] { answer }));
    }

    [TestCase(5u, 4, "CONNACK 00 present")]
    [TestCase(5u, 6, "CONNACK 00")]
    [TestCase(0u, 0, "CONNACK 00")]
    public void DISCONNECT_changes_the_expiry(uint expiry, int seconds, string answer)
    {
        MqttClient client = Connect("c1", expiry: 100);
        client.Disconnect(expiry: expiry);

        _broker.Time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.That(Open("c1").Packets(), Is.EqualTo(new[] { answer }));
    }

    [Test]
    public void DISCONNECT_cannot_give_an_expiry_to_a_session_that_had_none()
    {
        MqttClient client = Connect("c1", expiry: 0);

        client.Disconnect(expiry: 10);

        Assert.That((client.Packets(), client.IsClosed, _broker.Broker.Sessions.Count), Is.EqualTo((new[] { "DISCONNECT 82" }, true, 0)));
    }

    [Test]
    public void The_configured_maximum_cuts_the_expiry()
    {
        Connect("c1", expiry: uint.MaxValue).Connection.Vanish();

        _broker.Time.Advance(TimeSpan.FromSeconds(1001));

        Assert.That(_broker.Broker.Sessions.Count, Is.Zero);
    }

    [TestCase(MqttVersion.V311, MqttVersion.V311)]
    [TestCase(MqttVersion.V311, MqttVersion.V5)]
    [TestCase(MqttVersion.V5, MqttVersion.V311)]
    [TestCase(MqttVersion.V5, MqttVersion.V31)]
    public void A_session_is_resumed_in_another_version_MQTT_3_1_2_5(object before, object after)
    {
        MqttClient first = MqttClient.Connect(_broker, "c1", (MqttVersion)before, clean: false, Expiry(60)).Subscribed("a", Qos.AtLeastOnce);
        first.Connection.Vanish();
        _broker.Publish("a", "x", Qos.AtLeastOnce);

        MqttClient second = MqttClient.Open(_broker, "c1", (MqttVersion)after, clean: false, Expiry(60));

        string present = (MqttVersion)after == MqttVersion.V31 ? "" : " present";
        Assert.That(second.Packets(), Is.EqualTo(new[] { $"CONNACK 00{present}", "PUBLISH a x q1 #1" }));
    }

    [TestCase(MqttVersion.V311)]
    [TestCase(MqttVersion.V5)]
    public void A_session_that_ends_with_its_connection_is_not_taken_over_MQTT_3_1_2_6(object version)
    {
        MqttClient first = MqttClient.Connect(_broker, "c1", (MqttVersion)version, clean: true).Subscribed("a");

        MqttClient second = MqttClient.Open(_broker, "c1", clean: false, change: Expiry(60));
        _broker.Publish("a", "x");

        Assert.That((first.IsClosed, second.Packets()), Is.EqualTo((true, new[] { "CONNACK 00" })));
    }

    [Test]
    public void Clean_session_ends_a_stored_one_MQTT_3_1_2_4()
    {
        MqttClient.Connect(_broker, "c1", MqttVersion.V311, clean: false).Subscribed("a", Qos.AtLeastOnce).Connection.Vanish();

        MqttClient.Connect(_broker, "c1", MqttVersion.V311, clean: true).Connection.Vanish();

        Assert.That((_broker.Broker.Sessions.Count, _broker.Broker.Subscriptions.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public void What_expires_in_the_queue_is_not_delivered_MQTT_3_3_2_5()
    {
        Connect("c1", expiry: 100).Subscribed("a", Qos.AtLeastOnce).Connection.Vanish();
        Publish("short", Qos.AtLeastOnce, 5);
        Publish("long", Qos.AtLeastOnce, 50);

        _broker.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.That(Open("c1").Packets(), Is.EqualTo(new[] { "CONNACK 00 present", "PUBLISH a long q1 #1 expiry=40" })); // [MQTT-3.3.2-6]
    }

    [Test]
    public void QoS_0_in_the_queue_expires_too()
    {
        _broker.Options.Sessions.QueueQos0 = true;
        Connect("c1", expiry: 100).Subscribed("a").Connection.Vanish();
        Publish("short", Qos.AtMostOnce, 5);
        Publish("long", Qos.AtMostOnce, 50);

        _broker.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.That(Open("c1").Packets(), Is.EqualTo(new[] { "CONNACK 00 present", "PUBLISH a long expiry=40" }));
    }

    [Test]
    public void Retained_messages_expire_and_count_down_MQTT_3_3_2_5()
    {
        MqttClient publisher = MqttClient.Connect(_broker, "p");
        publisher.Publish("r/short", "x", retain: true, expiry: 5);
        publisher.Publish("r/long", "x", retain: true, expiry: 50);
        _broker.Time.Advance(TimeSpan.FromSeconds(10));

        MqttClient client = Connect("c1", expiry: 0);
        client.Subscribe("r/#");

        Assert.That(client.Packets(), Is.EqualTo(new[] { "SUBACK 00", "PUBLISH r/long x retain expiry=40" }));
        Assert.That(_broker.Broker.Retained.Count, Is.EqualTo(1));
    }

    [Test]
    public void A_delivery_that_was_not_acknowledged_is_dropped_at_QoS_1_and_completed_at_QoS_2_once_it_has_expired()
    {
        MqttClient first = Connect("c1", expiry: 100).Subscribed("a", Qos.ExactlyOnce);
        Publish("1", Qos.AtLeastOnce, 5);
        Publish("2", Qos.ExactlyOnce, 5);
        Assert.That(first.Packets(), Has.Length.EqualTo(2));
        first.Connection.Vanish();

        _broker.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.That(Open("c1").Packets(), Is.EqualTo(new[] { "CONNACK 00 present", "PUBLISH a 2 q2 #2 dup expiry=0" }));
    }

    [Test]
    public void An_expired_message_makes_room_in_a_full_queue()
    {
        _broker.Options.Sessions.MaximumQueuedMessages = 1;
        Connect("c1", expiry: 100).Subscribed("a", Qos.AtLeastOnce).Connection.Vanish();
        Publish("short", Qos.AtLeastOnce, 5);
        _broker.Time.Advance(TimeSpan.FromSeconds(10));
        Publish("later", Qos.AtLeastOnce, 5);

        Assert.That(Open("c1").Packets(), Is.EqualTo(new[] { "CONNACK 00 present", "PUBLISH a later q1 #1 expiry=5" }));
    }

    private void Publish(string payload, Qos qos, uint expiry) =>
        MqttClient.Connect(_broker, "publisher").Publish("a", payload, qos, packetId: (ushort)(qos == Qos.AtMostOnce ? 0 : 1), expiry: expiry);

    private MqttClient Connect(string clientId, uint expiry) => MqttClient.Connect(_broker, clientId, change: Expiry(expiry));

    private MqttClient Open(string clientId) => MqttClient.Open(_broker, clientId, clean: false, change: Expiry(60));

    private static Action<ConnectPacket> Expiry(uint seconds) => packet => packet.SessionExpiryInterval = seconds;
}
