using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Conformance;

/// <summary>Receive Maximum, both ways.</summary>
internal sealed class FlowControlTests : ConformanceFixture
{
    [TestCase(1)]
    [TestCase(3)]
    [Statement("5.0", "MQTT-3.3.4-9", "MQTT-4.9.0-1", "MQTT-4.9.0-2")]
    public void The_broker_sends_no_more_than_the_client_allows(int maximum)
    {
        MqttClient client = Connect(V5, change: packet => packet.ReceiveMaximum = (ushort)maximum).Subscribed("a", Qos.ExactlyOnce);

        for (int number = 0; number < 10; number++)
        {
            Server.Publish("a", "x", number % 2 == 0 ? Qos.AtLeastOnce : Qos.ExactlyOnce);
        }

        Assert.That(client.Packets(), Has.Length.EqualTo(maximum));
        client.Acknowledge(PacketType.PubAck, 1);
        Assert.That(client.Packets(), Has.Length.EqualTo(1));
    }

    [Test]
    [Statement("5.0", "MQTT-3.3.4-9", "MQTT-4.9.0-2")]
    public void A_QoS_2_delivery_counts_until_PUBCOMP_or_a_PUBREC_with_an_error()
    {
        MqttClient client = Connect(V5, change: static packet => packet.ReceiveMaximum = 1).Subscribed("a", Qos.ExactlyOnce);
        Server.Publish("a", "1", Qos.ExactlyOnce);
        Server.Publish("a", "2", Qos.ExactlyOnce);
        Server.Publish("a", "3", Qos.ExactlyOnce);
        client.Acknowledge(PacketType.PubRec, 1);
        string[] released = client.Packets();
        client.Acknowledge(PacketType.PubComp, 1);
        string[] second = client.Packets();
        client.Acknowledge(PacketType.PubRec, 2, ReasonCode.UnspecifiedError);

        Assert.That(released, Is.EqualTo(new[] { "PUBLISH a 1 q2 #1", "PUBREL #1 00" }));
        Assert.That(second, Is.EqualTo(new[] { "PUBLISH a 2 q2 #2" }));
        Assert.That(client.Packets(), Is.EqualTo(new[] { "PUBLISH a 3 q2 #3" }));
    }

    [Test]
    [Statement("5.0", "MQTT-3.3.4-9", "MQTT-4.9.0-1")]
    public void The_limit_holds_after_a_resumption_too()
    {
        MqttClient client = Persistent(V5).Subscribed("a", Qos.AtLeastOnce);
        for (int number = 1; number <= 4; number++)
        {
            Server.Publish("a", $"{number}", Qos.AtLeastOnce);
        }

        client.Connection.Vanish();
        MqttClient again = Resume(V5, change: static packet => packet.ReceiveMaximum = 2);
        string[] first = again.Packets();
        again.Acknowledge(PacketType.PubAck, 1);

        Assert.That(first, Is.EqualTo(new[] { "CONNACK 00 present", "PUBLISH a 1 q1 #1 dup", "PUBLISH a 2 q1 #2 dup" }));
        Assert.That(again.Packets(), Is.EqualTo(new[] { "PUBLISH a 3 q1 #3 dup" }));
    }

    [Test]
    [Statement("5.0", "MQTT-3.3.4-10", "MQTT-4.9.0-3")]
    public void After_a_resumption_PUBREL_does_not_wait_for_the_window()
    {
        MqttClient client = Persistent(V5).Subscribed("a", Qos.ExactlyOnce);
        for (int number = 1; number <= 3; number++)
        {
            Server.Publish("a", $"{number}", Qos.ExactlyOnce);
        }

        client.Acknowledge(PacketType.PubRec, 3);
        client.Connection.Vanish();
        MqttClient again = Resume(V5, change: static packet => packet.ReceiveMaximum = 1);
        string[] first = again.Packets();
        again.Acknowledge(PacketType.PubComp, 3);
        again.Acknowledge(PacketType.PubRec, 1);
        again.Acknowledge(PacketType.PubComp, 1);

        Assert.That(first, Is.EqualTo(new[] { "CONNACK 00 present", "PUBLISH a 1 q2 #1 dup", "PUBREL #3 00" }));
        Assert.That(again.Packets(), Is.EqualTo(new[] { "PUBREL #1 00", "PUBLISH a 2 q2 #2 dup" }));
    }

    [Test]
    [Statement("5.0", "MQTT-3.3.4-10", "MQTT-4.9.0-3")]
    public void With_the_quota_used_up_everything_else_goes_on()
    {
        MqttClient client = Connect(V5, change: static packet => packet.ReceiveMaximum = 1).Subscribed("a", Qos.AtLeastOnce);
        Server.Publish("a", "1", Qos.AtLeastOnce);
        Server.Publish("a", "2", Qos.AtLeastOnce);
        client.Packets();

        client.Ping();
        client.Subscribe("b");
        client.Publish("c", "x", Qos.AtLeastOnce, packetId: 1);
        Server.Publish("a", "QoS 0");
        client.Unsubscribe("b");

        Assert.That(client.Packets(), Is.EqualTo(new[] { "PINGRESP", "SUBACK 00", "PUBACK #1 10", "PUBLISH a QoS 0", "UNSUBACK 00" }));
    }

    [Test]
    [Statement("5.0", "MQTT-3.3.4-7")]
    public void A_client_that_exceeds_the_maximum_of_the_broker_is_disconnected()
    {
        Server.Options.Mqtt.ReceiveMaximum = 2;
        MqttClient client = Connect(V5);
        client.Publish("a", "x", Qos.ExactlyOnce, packetId: 1);
        client.Publish("a", "x", Qos.ExactlyOnce, packetId: 2);
        client.Publish("a", "x", Qos.ExactlyOnce, packetId: 2, dup: true);
        client.Packets();
        bool early = client.IsClosed;

        client.Publish("a", "x", Qos.ExactlyOnce, packetId: 3);

        Assert.That(early, Is.False);
        AssertClosed(client, V5, "93");
    }

    [Test]
    [Statement("5.0", "MQTT-3.3.4-7")]
    public void The_quota_comes_back_when_an_exchange_ends()
    {
        Server.Options.Mqtt.ReceiveMaximum = 2;
        MqttClient client = Connect(V5);
        for (ushort id = 1; id <= 3; id++)
        {
            client.Publish("a", "x", Qos.AtLeastOnce, id);
            client.Publish("a", "x", Qos.ExactlyOnce, id);
            client.Acknowledge(PacketType.PubRel, id);

            Assert.That(client.Packets(), Is.EqualTo(new[] { $"PUBACK #{id} 10", $"PUBREC #{id} 10", $"PUBCOMP #{id} 00" }));
        }
    }
}
