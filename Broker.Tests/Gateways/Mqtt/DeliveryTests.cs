using Broker.Observability;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Gateways.Mqtt;

/// <summary>Messages in both directions, at every QoS, and what becomes of them when a client comes back.</summary>
internal sealed class DeliveryTests
{
    private TestBroker _broker = null!;

    [SetUp]
    public void Open() => _broker = new TestBroker();

    [TearDown]
    public void Close() => _broker.Dispose();

    [Test]
    public void QoS_0_arrives_in_order_at_every_version()
    {
        MqttClient[] watchers = [.. new[] { MqttVersion.V31, MqttVersion.V311, MqttVersion.V5 }
            .Select(version => MqttClient.Connect(_broker, $"w{version}", version).Subscribed("a/+"))];
        MqttClient client = MqttClient.Connect(_broker, "c1", MqttVersion.V311);

        client.Publish("a/1", "x");
        client.Publish("a/2", "y");

        foreach (MqttClient watcher in watchers)
        {
            Assert.That(watcher.Packets(), Is.EqualTo(new[] { "PUBLISH a/1 x", "PUBLISH a/2 y" }));
        }
    }

    [Test]
    public void QoS_1_is_acknowledged_both_ways()
    {
        MqttClient watcher = MqttClient.Connect(_broker, "watcher").Subscribed("a", Qos.AtLeastOnce);
        MqttClient client = MqttClient.Connect(_broker, "c1");

        client.Publish("a", "x", Qos.AtLeastOnce, packetId: 7);
        client.Publish("nobody", "x", Qos.AtLeastOnce, packetId: 8);

        Assert.That(client.Packets(), Is.EqualTo(new[] { "PUBACK #7 00", "PUBACK #8 10" })); // [MQTT-4.3.2-4]
        Assert.That(watcher.Packets(), Is.EqualTo(new[] { "PUBLISH a x q1 #1" }));
        watcher.Acknowledge(PacketType.PubAck, 1);
        Assert.That((watcher.Packets(), watcher.IsClosed), Is.EqualTo((Array.Empty<string>(), false)));
    }

    [Test]
    public void QoS_2_is_delivered_once_both_ways()
    {
        MqttClient watcher = MqttClient.Connect(_broker, "watcher").Subscribed("a", Qos.ExactlyOnce);
        MqttClient client = MqttClient.Connect(_broker, "c1");

        client.Publish("a", "x", Qos.ExactlyOnce, packetId: 7);
        client.Publish("a", "x", Qos.ExactlyOnce, packetId: 7, dup: true); // [MQTT-4.3.3-10]
        client.Acknowledge(PacketType.PubRel, 7);
        client.Acknowledge(PacketType.PubRel, 7);

        Assert.That(client.Packets(), Is.EqualTo(new[] { "PUBREC #7 00", "PUBREC #7 00", "PUBCOMP #7 00", "PUBCOMP #7 92" }));
        Assert.That(watcher.Packets(), Is.EqualTo(new[] { "PUBLISH a x q2 #1" }));
        watcher.Acknowledge(PacketType.PubRec, 1);
        Assert.That(watcher.Packets(), Is.EqualTo(new[] { "PUBREL #1 00" })); // [MQTT-4.3.3-4]
        watcher.Acknowledge(PacketType.PubComp, 1);
        watcher.Acknowledge(PacketType.PubRec, 1);
        Assert.That(watcher.Packets(), Is.EqualTo(new[] { "PUBREL #1 92" }));
    }

    [Test]
    public void What_is_not_acknowledged_comes_again_with_DUP_in_order_MQTT_4_4_0_1()
    {
        MqttClient watcher = Persistent().Subscribed("a", Qos.ExactlyOnce);
        MqttClient client = MqttClient.Connect(_broker, "c1");
        client.Publish("a", "1", Qos.AtLeastOnce, packetId: 1);
        client.Publish("a", "2", Qos.ExactlyOnce, packetId: 2);
        client.Publish("a", "3", Qos.ExactlyOnce, packetId: 3);
        watcher.Acknowledge(PacketType.PubRec, 2);
        watcher.Connection.Vanish();
        client.Publish("a", "4", Qos.AtLeastOnce, packetId: 4);
        client.Publish("a", "lost");

        string[] packets = Persistent(open: true).Packets();

        Assert.That(
            packets,
            Is.EqualTo(new[] { "CONNACK 00 present", "PUBLISH a 1 q1 #1 dup", "PUBREL #2 00", "PUBLISH a 3 q2 #3 dup", "PUBLISH a 4 q1 #4" }));
        Assert.That(_broker.Dropped(DropReason.Offline), Is.EqualTo(1));
    }

    [Test]
    public void The_session_expires_MQTT_3_1_2_23()
    {
        Persistent().Subscribed("a").Connection.Vanish();

        _broker.Time.Advance(TimeSpan.FromSeconds(59.8));
        int early = _broker.Broker.Sessions.Count;
        _broker.Time.Advance(TimeSpan.FromSeconds(0.4));

        Assert.That((early, _broker.Broker.Sessions.Count, _broker.Broker.Subscriptions.Count), Is.EqualTo((1, 0, 0)));
    }

    [Test]
    public void DISCONNECT_may_change_the_session_expiry()
    {
        Persistent().Disconnect(expiry: 0);

        Assert.That(_broker.Broker.Sessions.Count, Is.Zero);
    }

    [Test]
    public void Clean_Start_forgets_the_session_MQTT_3_1_2_4()
    {
        Persistent().Subscribed("a", Qos.AtLeastOnce).Connection.Vanish();
        _broker.Publish("a", "x", Qos.AtLeastOnce);

        Assert.That(MqttClient.Open(_broker, "watcher").Packets(), Is.EqualTo(new[] { "CONNACK 00" }));
        Assert.That((_broker.Broker.Subscriptions.Count, _broker.Broker.Queues.Messages), Is.EqualTo((0, 0L)));
    }

    [Test]
    public void The_receive_maximum_of_the_client_holds_MQTT_3_3_4_9()
    {
        MqttClient watcher = MqttClient.Connect(_broker, "watcher", change: static packet => packet.ReceiveMaximum = 2).Subscribed("a", Qos.AtLeastOnce);
        for (int number = 1; number <= 4; number++)
        {
            _broker.Publish("a", $"{number}", Qos.AtLeastOnce);
        }

        string[] first = watcher.Packets();
        _broker.Publish("a", "QoS 0 passes");
        string[] second = watcher.Packets();
        watcher.Acknowledge(PacketType.PubAck, 1);

        Assert.That(first, Is.EqualTo(new[] { "PUBLISH a 1 q1 #1", "PUBLISH a 2 q1 #2" }));
        Assert.That(second, Is.EqualTo(new[] { "PUBLISH a QoS 0 passes" }));
        Assert.That(watcher.Packets(), Is.EqualTo(new[] { "PUBLISH a 3 q1 #3" }));
    }

    [Test]
    public void The_receive_maximum_of_the_broker_holds_MQTT_3_3_4_8()
    {
        _broker.Options.Mqtt.ReceiveMaximum = 2;
        MqttClient client = MqttClient.Connect(_broker, "c1");

        for (ushort id = 1; id <= 3; id++)
        {
            client.Publish("a", "x", Qos.ExactlyOnce, id);
        }

        Assert.That(client.Packets(), Is.EqualTo(new[] { "PUBREC #1 10", "PUBREC #2 10", "DISCONNECT 93" }));
    }

    [Test]
    public void A_message_above_the_maximum_packet_size_of_the_client_is_dropped_MQTT_3_1_2_24()
    {
        MqttClient watcher = MqttClient.Connect(_broker, "watcher", change: static packet => packet.MaximumPacketSize = 30).Subscribed("a", Qos.AtLeastOnce);

        _broker.Publish("a", new string('x', 40), Qos.AtLeastOnce);
        _broker.Publish("a", new string('x', 40));
        _broker.Publish("a", "y", Qos.AtLeastOnce);

        Assert.That(watcher.Packets(), Has.Length.EqualTo(1).And.All.StartsWith("PUBLISH a y q1"));
        Assert.That(_broker.Dropped(DropReason.TooLarge), Is.EqualTo(2));
    }

    [Test]
    public void A_topic_alias_stands_for_its_topic_MQTT_3_3_2_12()
    {
        MqttClient watcher = MqttClient.Connect(_broker, "watcher").Subscribed("#");
        MqttClient client = MqttClient.Connect(_broker, "c1");

        client.Publish("a", "1", alias: 1);
        client.Publish("", "2", alias: 1);
        client.Publish("b", "3", alias: 1);
        client.Publish("", "4", alias: 1);
        client.Publish("", "5", alias: 2);

        Assert.That(watcher.Packets(), Is.EqualTo(new[] { "PUBLISH a 1", "PUBLISH a 2", "PUBLISH b 3", "PUBLISH b 4" }));
        Assert.That(client.Packets(), Is.EqualTo(new[] { "DISCONNECT 82" }));
    }

    [Test]
    public void A_topic_alias_above_the_maximum_is_invalid_MQTT_3_2_2_17()
    {
        MqttClient client = MqttClient.Connect(_broker, "c1");

        client.Publish("a", "1", alias: (ushort)(_broker.Options.Mqtt.TopicAliasMaximum + 1));

        Assert.That(client.Packets(), Is.EqualTo(new[] { "DISCONNECT 94" }));
    }

    [Test]
    public void Message_expiry_counts_down_and_ends_the_message_MQTT_3_3_2_6()
    {
        MqttClient client = MqttClient.Connect(_broker, "c1");
        Persistent().Subscribed("a", Qos.AtLeastOnce).Connection.Vanish();
        client.Publish("a", "short", Qos.AtLeastOnce, packetId: 1, expiry: 5);
        client.Publish("a", "long", Qos.AtLeastOnce, packetId: 2, expiry: 50);

        _broker.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.That(Persistent(open: true).Packets(), Is.EqualTo(new[] { "CONNACK 00 present", "PUBLISH a long q1 #1 expiry=40" }));
        Assert.That(_broker.Dropped(DropReason.Expired), Is.EqualTo(1));
    }

    [Test]
    public void Publishing_to_SYS_is_refused()
    {
        MqttClient watcher = MqttClient.Connect(_broker, "watcher").Subscribed("$SYS/#");
        MqttClient client = MqttClient.Connect(_broker, "c1");

        client.Publish("$SYS/broker", "x", Qos.AtLeastOnce, packetId: 1);
        client.Publish("$SYS/broker", "x", Qos.ExactlyOnce, packetId: 2);

        Assert.That(client.Packets(), Is.EqualTo(new[] { "PUBACK #1 87", "PUBREC #2 87" }));
        Assert.That((watcher.Packets(), client.IsClosed), Is.EqualTo((Array.Empty<string>(), false)));
    }

    private MqttClient Persistent(bool open = false) => open
        ? MqttClient.Open(_broker, "watcher", clean: false, change: static packet => packet.SessionExpiryInterval = 60)
        : MqttClient.Connect(_broker, "watcher", clean: false, change: static packet => packet.SessionExpiryInterval = 60);
}
