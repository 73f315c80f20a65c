using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Conformance;

/// <summary>Shared subscriptions: their filters, and to whom a message goes.</summary>
internal sealed class SharedSubscriptionTests : ConformanceFixture
{
    [TestCase("$share/g/a")]
    [TestCase("$share/g/+/#")]
    [TestCase("$share/g//")]
    [TestCase("$share")]
    [Statement("5.0", "MQTT-4.8.2-1", "MQTT-4.8.2-2")]
    public void The_filter_has_a_name_and_a_filter_behind_it(string filter)
    {
        MqttClient client = Connect(V5);

        client.Subscribe(filter);

        Assert.That(client.Packets(), Is.EqualTo(new[] { "SUBACK 00" }));
    }

    [TestCase("$share//a", "82")]
    [TestCase("$share/g", "82")]
    [TestCase("$share/g/", "82")]
    [TestCase("$share/", "82")]
    [TestCase("$share/g+/a", "82")]
    [TestCase("$share/#/a", "82")]
    [TestCase("$share/g/a#", "81")]
    [Statement("5.0", "MQTT-4.8.2-1", "MQTT-4.8.2-2", "MQTT-4.13.1-1")]
    public void Without_a_name_or_a_filter_it_is_an_error(string filter, string code)
    {
        MqttClient client = Connect(V5);

        client.Subscribe(filter);

        AssertClosed(client, V5, code);
    }

    [TestCase("$share//a")]
    [TestCase("$share/g")]
    public void Before_5_such_a_filter_is_well_formed_but_refused(string filter)
    {
        MqttClient client = Connect(V311);

        client.Subscribe(filter);
        client.Unsubscribe(filter);

        Assert.That((client.Hex(), client.IsClosed), Is.EqualTo((new[] { "9003000180", "B0020001" }, false)));
    }

    [Test]
    [Statement("5.0", "MQTT-4.8.2-3")]
    public void Each_member_gets_its_own_QoS()
    {
        MqttClient[] members = [.. Enumerable.Range(0, 3).Select(qos => Connect(V5, $"m{qos}").Subscribed("$share/g/a", (Qos)qos))];

        for (int number = 0; number < 3; number++)
        {
            Server.Publish("a", "x", Qos.ExactlyOnce);
        }

        Assert.That(
            members.SelectMany(static member => member.Packets()),
            Is.EqualTo(new[] { "PUBLISH a x", "PUBLISH a x q1 #1", "PUBLISH a x q2 #1" }));
    }

    [Test]
    [Statement("5.0", "MQTT-4.8.2-4")]
    public void A_QoS_2_delivery_is_completed_to_the_same_member()
    {
        MqttClient first = Persistent(V5, "m1").Subscribed("$share/g/a", Qos.ExactlyOnce);
        Server.Publish("a", "x", Qos.ExactlyOnce);
        MqttClient second = Persistent(V5, "m2").Subscribed("$share/g/a", Qos.ExactlyOnce);
        first.Acknowledge(PacketType.PubRec, 1);
        first.Connection.Vanish();

        Assert.That(Resume(V5, "m1").Packets(), Is.EqualTo(new[] { "CONNACK 00 present", "PUBREL #1 00" }));
        Assert.That(second.Packets(), Is.Empty);
    }

    [Test]
    [Statement("5.0", "MQTT-4.8.2-5")]
    public void When_that_member_ends_its_session_nobody_else_gets_it()
    {
        MqttClient first = Persistent(V5, "m1").Subscribed("$share/g/a", Qos.ExactlyOnce);
        Server.Publish("a", "x", Qos.ExactlyOnce);
        MqttClient second = Persistent(V5, "m2").Subscribed("$share/g/a", Qos.ExactlyOnce);
        first.Acknowledge(PacketType.PubRec, 1);
        first.Connection.Vanish();

        Server.Time.Advance(TimeSpan.FromSeconds(3601));

        Assert.That((Server.Broker.Sessions.Find("m1"), second.Packets()), Is.EqualTo(((object?)null, Array.Empty<string>())));
    }

    [Test]
    [Statement("5.0", "MQTT-4.8.2-6")]
    public void What_a_member_refuses_is_offered_to_nobody_else()
    {
        MqttClient first = Connect(V5, "m1").Subscribed("$share/g/a", Qos.ExactlyOnce);
        Server.Publish("a", "1", Qos.AtLeastOnce);
        Server.Publish("a", "2", Qos.ExactlyOnce);
        MqttClient second = Connect(V5, "m2").Subscribed("$share/g/a", Qos.ExactlyOnce);

        first.Acknowledge(PacketType.PubAck, 1, ReasonCode.UnspecifiedError);
        first.Acknowledge(PacketType.PubRec, 2, ReasonCode.QuotaExceeded);

        Assert.That((first.Packets().Length, second.Packets()), Is.EqualTo((2, Array.Empty<string>())));
    }

    [Test]
    [Statement("5.0", "MQTT-3.3.2-5")]
    public void What_a_member_left_behind_goes_to_another_until_it_expires()
    {
        MqttClient first = Connect(V5, "m1", static packet => packet.SessionExpiryInterval = 10).Subscribed("$share/g/a", Qos.AtLeastOnce);
        MqttClient publisher = Connect(V5, "publisher");
        publisher.Publish("a", "short", Qos.AtLeastOnce, packetId: 1, expiry: 5);
        publisher.Publish("a", "long", Qos.AtLeastOnce, packetId: 2, expiry: 50);
        first.Connection.Vanish();
        MqttClient second = Connect(V5, "m2").Subscribed("$share/g/a", Qos.AtLeastOnce);

        Server.Time.Advance(TimeSpan.FromSeconds(11));

        Assert.That(second.Packets(), Has.Length.EqualTo(1).And.All.StartsWith("PUBLISH a long q1 #1 expiry="));
    }

    [Test]
    public void Groups_and_plain_subscriptions_each_get_their_own_copy()
    {
        MqttClient client = Connect(V5).Subscribed("$share/g1/a/#").Subscribed("$share/g2/+/b").Subscribed("a/b");

        Server.Publish("a/b", "x");

        Assert.That(client.Packets(), Is.EqualTo(new[] { "PUBLISH a/b x", "PUBLISH a/b x", "PUBLISH a/b x" }));
    }

    [Test]
    public void The_members_take_turns()
    {
        MqttClient[] members = [.. Enumerable.Range(0, 4).Select(number => Connect(V5, $"m{number}").Subscribed("$share/g/a"))];

        for (int number = 0; number < 100; number++)
        {
            Server.Publish("a", "x");
        }

        Assert.That(members.Select(static member => member.Packets().Length), Is.All.EqualTo(25));
    }

    [Test]
    public void A_shared_filter_is_unsubscribed_literally()
    {
        MqttClient client = Connect(V5).Subscribed("$share/g/a");

        client.Unsubscribe("a");
        client.Unsubscribe("$share/h/a");
        client.Unsubscribe("$share/g/a");
        Server.Publish("a", "x");

        Assert.That(client.Packets(), Is.EqualTo(new[] { "UNSUBACK 11", "UNSUBACK 11", "UNSUBACK 00" }));
    }
}
