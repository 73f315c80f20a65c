using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Conformance;

/// <summary>Session State: begun, kept, resumed, ended; and what CONNACK says of it.</summary>
internal sealed class SessionTests : ConformanceFixture
{
    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.1.2-4", "MQTT-3.1.2-5", "MQTT-3.1.4-3", "MQTT-3.2.2-2", "MQTT-4.1.0-1", "MQTT-4.5.0-1")]
    [Statement("5.0", "MQTT-3.1.2-5", "MQTT-3.1.2-23", "MQTT-3.1.4-4", "MQTT-3.2.2-3", "MQTT-4.5.0-1")]
    public void A_kept_session_is_resumed_with_its_subscriptions_and_messages(MqttVersion version)
    {
        Persistent(version).Subscribed("a", Qos.ExactlyOnce).Connection.Vanish();
        Server.Publish("a", "1", Qos.AtLeastOnce);
        Server.Publish("a", "2", Qos.ExactlyOnce);

        MqttClient client = Resume(version);
        Assert.That(client.Packets(), Is.EqualTo(new[] { "CONNACK 00 present", "PUBLISH a 1 q1 #1", "PUBLISH a 2 q2 #2" }));

        Server.Publish("a", "3", Qos.AtLeastOnce);
        Assert.That(client.Packets(), Is.EqualTo(new[] { "PUBLISH a 3 q1 #3" }));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.1.2-6", "MQTT-3.2.2-1", "MQTT-3.1.4-3")]
    [Statement("5.0", "MQTT-3.1.2-4", "MQTT-3.2.2-2", "MQTT-3.1.4-4")]
    public void A_clean_start_throws_the_session_away(MqttVersion version)
    {
        Persistent(version).Subscribed("a", Qos.AtLeastOnce).Connection.Vanish();
        Server.Publish("a", "1", Qos.AtLeastOnce);

        MqttClient client = Resume(version, clean: true);
        Server.Publish("a", "2", Qos.AtLeastOnce);

        Assert.That(client.Packets(), Is.EqualTo(new[] { "CONNACK 00" }));
    }

    [Test]
    [Statement("3.1.1", "MQTT-3.1.2-6")]
    public void A_clean_session_of_3_1_1_ends_with_its_connection()
    {
        Connect(V311).Subscribed("a", Qos.AtLeastOnce).Connection.Vanish();
        Server.Publish("a", "1", Qos.AtLeastOnce);

        Assert.That(Resume(V311).Packets(), Is.EqualTo(new[] { "CONNACK 00" }));
        Assert.That(Server.Broker.Subscriptions.Count, Is.Zero);
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.1.2-6", "MQTT-3.1.4-2", "MQTT-3.2.2-3")]
    [Statement("5.0", "MQTT-3.1.4-3", "MQTT-3.2.2-3")]
    public void A_session_that_ends_with_its_connection_is_not_taken_over(MqttVersion version)
    {
        MqttClient first = Connect(version).Subscribed("a", Qos.AtLeastOnce);

        MqttClient second = Resume(version);
        Server.Publish("a", "1", Qos.AtLeastOnce);

        AssertClosed(first, version, "8e");
        Assert.That(second.Packets(), Is.EqualTo(new[] { "CONNACK 00" }));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.1.2-4", "MQTT-3.2.2-3")]
    [Statement("5.0", "MQTT-3.1.2-6", "MQTT-3.2.2-3")]
    public void A_session_is_made_where_there_is_none(MqttVersion version)
    {
        Assert.That(Resume(version).Packets(), Is.EqualTo(new[] { "CONNACK 00" }));
        Assert.That(Server.Broker.Sessions.Find("c1"), Is.Not.Null);
    }

    [Test]
    public void MQTT_3_1_knows_no_session_present()
    {
        Persistent(V31).Connection.Vanish();

        Assert.That(Resume(V31).Hex(), Is.EqualTo(new[] { "20020000" }));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.1.2-7")]
    public void Retained_messages_outlive_the_session_that_published_them(MqttVersion version)
    {
        MqttClient publisher = Connect(version);
        publisher.Publish("a", "kept", retain: true);
        publisher.Disconnect();
        Connect(version).Disconnect();

        MqttClient later = Connect(version, "later");
        later.Subscribe("a");

        Assert.That(later.Packets(), Is.EqualTo(new[] { "SUBACK 00", "PUBLISH a kept retain" }));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-4.1.0-1", "MQTT-4.1.0-2")]
    [Statement("5.0", "MQTT-4.1.0-1")]
    public void A_session_lasts_as_long_as_its_connection(MqttVersion version)
    {
        Server.Options.Sessions.MaximumExpiryIntervalSeconds = 10;
        Persistent(version, change: static packet => packet.KeepAlive = 0).Subscribed("a", Qos.AtLeastOnce).Connection.Vanish();
        Server.Time.Advance(TimeSpan.FromSeconds(5));
        MqttClient client = Persistent(version, change: static packet => packet.KeepAlive = 0);

        Server.Time.Advance(TimeSpan.FromHours(1));
        Server.Publish("a", "x", Qos.AtLeastOnce);

        Assert.That(client.Packets(), Is.EqualTo(new[] { "PUBLISH a x q1 #1" }));
    }

    [TestCase(60u, 59, "CONNACK 00 present")]
    [TestCase(60u, 61, "CONNACK 00")]
    [TestCase(0u, 0, "CONNACK 00")]
    [Statement("5.0", "MQTT-4.1.0-2", "MQTT-3.1.2-23")]
    public void A_session_ends_when_its_expiry_interval_has_passed(uint expiry, int seconds, string answer)
    {
        Connect(V5, change: packet => packet.SessionExpiryInterval = expiry).Connection.Vanish();

        Server.Time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.That(Resume(V5).Packets(), Is.EqualTo(new[] { answer }));
    }

    [TestCase(5u, 10, "CONNACK 00")]
    [TestCase(100u, 80, "CONNACK 00 present")]
    [Statement("5.0", "MQTT-4.1.0-2")]
    public void DISCONNECT_changes_the_expiry_interval(uint expiry, int seconds, string answer)
    {
        Connect(V5, change: static packet => packet.SessionExpiryInterval = 60).Disconnect(expiry: expiry);

        Server.Time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.That(Resume(V5).Packets(), Is.EqualTo(new[] { answer }));
    }

    [Test]
    public void DISCONNECT_may_not_give_an_expiry_interval_to_a_session_that_has_none()
    {
        MqttClient client = Connect(V5);

        client.Disconnect(expiry: 60);

        AssertClosed(client, V5, "82");
    }

    [Test]
    [Statement("5.0", "MQTT-4.1.0-2")]
    public void The_expiry_interval_is_limited_and_the_limit_is_announced()
    {
        Server.Options.Sessions.MaximumExpiryIntervalSeconds = 30;
        MqttClient client = MqttClient.Open(Server, "c1", V5, change: static packet => packet.SessionExpiryInterval = uint.MaxValue);
        uint? granted = client.ConnAck().SessionExpiryInterval;
        client.Connection.Vanish();
        Server.Time.Advance(TimeSpan.FromSeconds(31));

        Assert.That((granted, Server.Broker.Sessions.Count), Is.EqualTo((30u, 0)));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-4.4.0-1", "MQTT-3.3.1-1", "MQTT-4.6.0-1", "MQTT-2.3.1-4")]
    [Statement("5.0", "MQTT-4.4.0-1", "MQTT-3.3.1-1", "MQTT-4.3.3-6", "MQTT-4.3.2-3", "MQTT-4.3.3-3", "MQTT-4.3.3-5")]
    public void What_is_unacknowledged_is_sent_again_in_its_order_with_its_identifiers(MqttVersion version)
    {
        MqttClient client = Persistent(version).Subscribed("a", Qos.ExactlyOnce);
        foreach (Qos qos in new[] { Qos.AtLeastOnce, Qos.ExactlyOnce, Qos.ExactlyOnce, Qos.AtLeastOnce })
        {
            Server.Publish("a", "x", qos);
        }

        client.Acknowledge(PacketType.PubRec, 2);
        client.Acknowledge(PacketType.PubAck, 4);
        client.Connection.Vanish();
        string[] again = Resume(version).Packets();

        Assert.That(again, Is.EqualTo(new[] { "CONNACK 00 present", "PUBLISH a x q1 #1 dup", "PUBREL #2 00", "PUBLISH a x q2 #3 dup" }));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("5.0", "MQTT-4.4.0-1")]
    public void Nothing_is_sent_again_while_the_connection_lasts(MqttVersion version)
    {
        MqttClient client = Persistent(version, change: static packet => packet.KeepAlive = 0).Subscribed("a", Qos.AtLeastOnce);
        Server.Publish("a", "x", Qos.AtLeastOnce);
        client.Packets();

        Server.Time.Advance(TimeSpan.FromHours(1));
        client.Ping();
        client.Subscribe("b");

        Assert.That(client.Packets(), Is.EqualTo(new[] { "PINGRESP", "SUBACK 00" }));
    }

    [Test]
    [Statement("5.0", "MQTT-4.4.0-2")]
    public void What_was_refused_is_not_sent_again()
    {
        MqttClient client = Persistent(V5).Subscribed("a", Qos.ExactlyOnce);
        Server.Publish("a", "1", Qos.AtLeastOnce);
        Server.Publish("a", "2", Qos.ExactlyOnce);
        client.Acknowledge(PacketType.PubAck, 1, ReasonCode.UnspecifiedError);
        client.Acknowledge(PacketType.PubRec, 2, ReasonCode.QuotaExceeded);

        Assert.That(client.Packets(), Is.EqualTo(new[] { "PUBLISH a 1 q1 #1", "PUBLISH a 2 q2 #2" }));
        Assert.That(Resume(V5).Packets(), Is.EqualTo(new[] { "CONNACK 00 present" }));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-4.3.3-2")]
    [Statement("5.0", "MQTT-4.3.3-10")]
    public void An_unfinished_QoS_2_publish_of_the_client_outlives_the_connection(MqttVersion version)
    {
        MqttClient watcher = Watcher(version, "a");
        MqttClient client = Persistent(version);
        client.Publish("a", "once", Qos.ExactlyOnce, packetId: 7);
        client.Connection.Vanish();

        MqttClient again = Persistent(version);
        again.Publish("a", "once", Qos.ExactlyOnce, packetId: 7, dup: true);
        again.Acknowledge(PacketType.PubRel, 7);

        Assert.That(again.Packets(), Is.EqualTo(new[] { "PUBREC #7 00", "PUBCOMP #7 00" }));
        Assert.That(watcher.Packets(), Is.EqualTo(new[] { "PUBLISH a once" }));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-4.6.0-6")]
    [Statement("5.0", "MQTT-4.6.0-5")]
    public void Order_survives_a_takeover(MqttVersion version)
    {
        MqttClient client = Persistent(version).Subscribed("a", Qos.AtLeastOnce);
        Server.Publish("a", "1", Qos.AtLeastOnce);
        Server.Publish("a", "2", Qos.AtLeastOnce);
        client.Packets();

        MqttClient second = Resume(version);
        Server.Publish("a", "3", Qos.AtLeastOnce);

        Assert.That(
            second.Packets(), Is.EqualTo(new[] { "CONNACK 00 present", "PUBLISH a 1 q1 #1 dup", "PUBLISH a 2 q1 #2 dup", "PUBLISH a 3 q1 #3" }));
    }
}
