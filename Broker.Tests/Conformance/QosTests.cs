using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Conformance;

/// <summary>The QoS 1 and QoS 2 exchanges, from either side, and their acknowledgements.</summary>
internal sealed class QosTests : ConformanceFixture
{
    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-4.3.2-1", "MQTT-2.3.1-4", "MQTT-2.3.1-6")]
    [Statement("5.0", "MQTT-4.3.2-1", "MQTT-4.3.2-2", "MQTT-4.3.2-3", "MQTT-2.2.1-4")]
    public void The_broker_sends_QoS_1_with_fresh_identifiers_until_PUBACK(MqttVersion version)
    {
        MqttClient client = Persistent(version).Subscribed("a", Qos.AtLeastOnce);
        Server.Publish("a", "1", Qos.AtLeastOnce);
        Server.Publish("a", "2", Qos.AtLeastOnce);
        client.Acknowledge(PacketType.PubAck, 1);
        Server.Publish("a", "3", Qos.AtLeastOnce);
        string[] sent = client.Packets();
        client.Connection.Vanish();

        Assert.That(sent, Is.EqualTo(new[] { "PUBLISH a 1 q1 #1", "PUBLISH a 2 q1 #2", "PUBLISH a 3 q1 #3" }));
        Assert.That(Resume(version).Packets(), Is.EqualTo(new[] { "CONNACK 00 present", "PUBLISH a 2 q1 #2 dup", "PUBLISH a 3 q1 #3 dup" }));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-4.3.3-1", "MQTT-2.3.1-6", "MQTT-3.6.1-1")]
    [Statement("5.0", "MQTT-4.3.3-1", "MQTT-4.3.3-2", "MQTT-4.3.3-3", "MQTT-4.3.3-4", "MQTT-4.3.3-5", "MQTT-4.3.3-6", "MQTT-3.6.1-1", "MQTT-3.6.2-1", "MQTT-2.2.1-5")]
    public void The_broker_sends_QoS_2_in_its_four_steps(MqttVersion version)
    {
        MqttClient client = Persistent(version).Subscribed("a", Qos.ExactlyOnce);
        Server.Publish("a", "x", Qos.ExactlyOnce);
        client.Acknowledge(PacketType.PubRec, 1);
        string[] first = client.Hex();
        client.Connection.Vanish();
        MqttClient second = Resume(version);
        string[] released = second.Packets();
        second.Acknowledge(PacketType.PubComp, 1);
        second.Connection.Vanish();

        Assert.That(first, Is.EqualTo(new[] { version == V5 ? "340700016100010078" : "3406000161000178", "62020001" }));
        Assert.That(released, Is.EqualTo(new[] { "CONNACK 00 present", "PUBREL #1 00" }));
        Assert.That(Resume(version).Packets(), Is.EqualTo(new[] { "CONNACK 00 present" }));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-4.3.2-1", "MQTT-4.3.3-1", "MQTT-2.3.1-4")]
    [Statement("5.0", "MQTT-4.3.2-1", "MQTT-4.3.3-1", "MQTT-2.2.1-4")]
    public void Identifiers_in_use_are_passed_over_when_they_wrap(MqttVersion version)
    {
        Server.Options.Mqtt.MaximumInflight = 10;
        MqttClient client = Connect(version).Subscribed("a", Qos.AtLeastOnce);
        Server.Publish("a", "held", Qos.AtLeastOnce);
        string[] first = client.Packets();
        var used = new HashSet<string>();
        for (int number = 2; number <= 70_000; number++)
        {
            Server.Publish("a", "x", Qos.AtLeastOnce);
            byte[] packet = client.Connection.Received();
            ushort id = (ushort)(packet[5] << 8 | packet[6]);
            used.Add($"{id}");
            client.Acknowledge(PacketType.PubAck, id);
        }

        Assert.That(first, Is.EqualTo(new[] { "PUBLISH a held q1 #1" }));
        Assert.That((used.Count > 50_000, used.Contains("0"), used.Contains("1")), Is.EqualTo((true, false, false)));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-4.3.2-2")]
    [Statement("5.0", "MQTT-4.3.2-4", "MQTT-4.3.2-5")]
    public void A_QoS_1_identifier_is_new_again_after_PUBACK_whatever_its_DUP(MqttVersion version)
    {
        MqttClient watcher = Watcher(version, "a");
        MqttClient client = Connect(version);

        client.Publish("a", "1", Qos.AtLeastOnce, packetId: 5);
        client.Publish("a", "2", Qos.AtLeastOnce, packetId: 5, dup: true);

        Assert.That(client.Packets(), Is.EqualTo(new[] { "PUBACK #5 00", "PUBACK #5 00" }));
        Assert.That(watcher.Packets(), Is.EqualTo(new[] { "PUBLISH a 1", "PUBLISH a 2" }));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-4.3.3-2")]
    [Statement("5.0", "MQTT-4.3.3-8", "MQTT-4.3.3-10", "MQTT-4.3.3-11", "MQTT-4.3.3-12")]
    public void A_QoS_2_publish_is_delivered_once_until_PUBREL_and_new_after_PUBCOMP(MqttVersion version)
    {
        MqttClient watcher = Watcher(version, "a");
        MqttClient client = Connect(version);

        client.Publish("a", "1", Qos.ExactlyOnce, packetId: 5);
        client.Publish("a", "1", Qos.ExactlyOnce, packetId: 5, dup: true);
        client.Acknowledge(PacketType.PubRel, 5);
        client.Publish("a", "2", Qos.ExactlyOnce, packetId: 5, dup: true);

        Assert.That(client.Packets(), Is.EqualTo(new[] { "PUBREC #5 00", "PUBREC #5 00", "PUBCOMP #5 00", "PUBREC #5 00" }));
        Assert.That(watcher.Packets(), Is.EqualTo(new[] { "PUBLISH a 1", "PUBLISH a 2" }));
    }

    [Test]
    [Statement("5.0", "MQTT-4.3.3-9")]
    public void After_a_PUBREC_with_an_error_the_identifier_is_new()
    {
        MqttClient watcher = Watcher(V5, "#");
        MqttClient client = Connect(V5);
        Server.Authorizer.Rule = static (_, _, topic) => topic != "secret";

        client.Publish("secret", "1", Qos.ExactlyOnce, packetId: 5);
        client.Publish("a", "2", Qos.ExactlyOnce, packetId: 5);

        Assert.That(client.Packets(), Is.EqualTo(new[] { "PUBREC #5 87", "PUBREC #5 00" }));
        Assert.That(watcher.Packets(), Is.EqualTo(new[] { "PUBLISH a 2" }));
    }

    [Test]
    [Statement("5.0", "MQTT-4.3.3-4")]
    public void After_a_PUBREC_with_an_error_there_is_no_PUBREL()
    {
        MqttClient client = Connect(V5, change: static packet => packet.ReceiveMaximum = 1).Subscribed("a", Qos.ExactlyOnce);
        Server.Publish("a", "1", Qos.ExactlyOnce);
        Server.Publish("a", "2", Qos.ExactlyOnce);

        client.Acknowledge(PacketType.PubRec, 1, ReasonCode.ImplementationSpecificError);

        Assert.That(client.Packets(), Is.EqualTo(new[] { "PUBLISH a 1 q2 #1", "PUBLISH a 2 q2 #2" }));
    }

    [TestCase(V311, "62020009", "70020009")]
    [TestCase(V5, "6203000992", "7003000992")]
    [Statement("5.0", "MQTT-3.6.2-1", "MQTT-3.7.2-1")]
    public void Unknown_identifiers_are_answered_and_the_connection_stays(MqttVersion version, string pubRel, string pubComp)
    {
        MqttClient client = Connect(version);

        client.Acknowledge(PacketType.PubAck, 9);
        client.Acknowledge(PacketType.PubRec, 9);
        client.Acknowledge(PacketType.PubRel, 9);
        client.Acknowledge(PacketType.PubComp, 9);

        Assert.That((client.Hex(), client.IsClosed), Is.EqualTo((new[] { pubRel, pubComp }, false)));
    }

    [Test]
    [Statement("3.1.1", "MQTT-4.3.2-2", "MQTT-4.3.3-2", "MQTT-4.8.0-1")]
    [Statement("5.0", "MQTT-4.3.2-4", "MQTT-4.3.3-8", "MQTT-4.13.1-1")]
    public void An_answer_that_its_delivery_does_not_wait_for_is_an_error(
        [Values(V311, V5)] MqttVersion version,
        [Values("1 PubRec", "1 PubComp", "2 PubAck", "2 PubComp", "2 PubRec PubAck")] string conversation)
    {
        string[] steps = conversation.Split(' ');
        MqttClient client = Connect(version).Subscribed("a", Qos.ExactlyOnce);
        MqttClient other = Connect(version, "other").Subscribed("a", Qos.ExactlyOnce);
        Server.Publish("a", "x", Enum.Parse<Qos>(steps[0]));
        foreach (string step in steps[1..])
        {
            client.Packets();
            client.Acknowledge(Enum.Parse<PacketType>(step), 1);
        }

        AssertClosed(client, version, "82");
        Assert.That(other.IsClosed, Is.False);
    }

    [TestCase(V311)]
    [TestCase(V5)]
    public void PUBREC_may_come_again(MqttVersion version)
    {
        MqttClient client = Connect(version).Subscribed("a", Qos.ExactlyOnce);
        Server.Publish("a", "x", Qos.ExactlyOnce);
        client.Packets();

        client.Acknowledge(PacketType.PubRec, 1);
        client.Acknowledge(PacketType.PubRec, 1);
        client.Acknowledge(PacketType.PubComp, 1);
        client.Acknowledge(PacketType.PubComp, 1);

        Assert.That((client.Hex(), client.IsClosed), Is.EqualTo((new[] { "62020001", "62020001" }, false)));
    }

    [TestCase(0x40, "92")]
    [TestCase(0x40, "01")]
    [TestCase(0x50, "81")]
    [TestCase(0x62, "10")]
    [TestCase(0x70, "97")]
    [Statement("5.0", "MQTT-3.4.2-1", "MQTT-3.5.2-1", "MQTT-3.6.2-1", "MQTT-3.7.2-1")]
    public void A_code_of_another_table_is_an_error(int first, string code)
    {
        MqttClient client = Connect(V5);

        client.Send((byte)first, $"0001 {code}");

        AssertClosed(client, V5, "82");
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-4.6.0-2", "MQTT-4.6.0-3", "MQTT-4.6.0-4")]
    [Statement("5.0", "MQTT-4.6.0-2", "MQTT-4.6.0-3", "MQTT-4.6.0-4")]
    public void Acknowledgements_in_another_order_still_find_their_deliveries(MqttVersion version)
    {
        MqttClient client = Persistent(version).Subscribed("a", Qos.ExactlyOnce);
        foreach (Qos qos in new[] { Qos.AtLeastOnce, Qos.AtLeastOnce, Qos.ExactlyOnce, Qos.ExactlyOnce })
        {
            Server.Publish("a", "x", qos);
        }

        client.Packets();
        client.Acknowledge(PacketType.PubAck, 2);
        client.Acknowledge(PacketType.PubRec, 4);
        client.Acknowledge(PacketType.PubRec, 3);
        client.Acknowledge(PacketType.PubComp, 4);
        string[] released = client.Packets();
        client.Connection.Vanish();

        Assert.That(released, Is.EqualTo(new[] { "PUBREL #4 00", "PUBREL #3 00" }));
        Assert.That(Resume(version).Packets(), Is.EqualTo(new[] { "CONNACK 00 present", "PUBLISH a x q1 #1 dup", "PUBREL #3 00" }));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-4.6.0-2", "MQTT-4.6.0-3", "MQTT-4.6.0-4")]
    [Statement("5.0", "MQTT-4.6.0-2", "MQTT-4.6.0-3", "MQTT-4.6.0-4")]
    public void The_broker_acknowledges_in_the_order_in_which_it_received(MqttVersion version)
    {
        Connect(version, "other").Subscribed("a");
        MqttClient client = Connect(version);
        foreach (ushort id in new ushort[] { 9, 3, 7 })
        {
            client.Publish("a", "1", Qos.AtLeastOnce, id);
            client.Publish("a", "2", Qos.ExactlyOnce, (ushort)(id + 100));
        }

        Assert.That(
            client.Packets(),
            Is.EqualTo(new[] { "PUBACK #9 00", "PUBREC #109 00", "PUBACK #3 00", "PUBREC #103 00", "PUBACK #7 00", "PUBREC #107 00" }));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-4.6.0-2")]
    [Statement("5.0", "MQTT-4.6.0-2")]
    public void An_acknowledgement_of_another_identifier_ends_no_delivery(MqttVersion version)
    {
        MqttClient client = Persistent(version).Subscribed("a", Qos.AtLeastOnce);
        Server.Publish("a", "x", Qos.AtLeastOnce);
        Assert.That(client.Packets(), Is.EqualTo(new[] { "PUBLISH a x q1 #1" }));

        for (ushort id = 2; id < 300; id++)
        {
            client.Acknowledge(PacketType.PubAck, id);
        }

        Assert.That(client.IsClosed, Is.False);
        client.Connection.Vanish();
        Assert.That(Resume(version).Packets(), Is.EqualTo(new[] { "CONNACK 00 present", "PUBLISH a x q1 #1 dup" }));
    }
}
