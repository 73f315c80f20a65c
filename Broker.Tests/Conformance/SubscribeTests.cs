using Broker.Core.Ports;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Conformance;

/// <summary>SUBSCRIBE and SUBACK.</summary>
internal sealed class SubscribeTests : ConformanceFixture
{
    [TestCase(V311, "0001FF 00")]
    [TestCase(V5, "0001FF 00")]
    [TestCase(V5, "'a' 00 000100 00")]
    [Statement("3.1.1", "MQTT-3.8.3-1")]
    [Statement("5.0", "MQTT-3.8.3-1")]
    public void Filters_are_UTF8(MqttVersion version, string filters)
    {
        MqttClient client = Connect(version);

        client.Send(0x82, $"0001 {NoProperties(version)} {filters}");

        AssertClosed(client, version, "81");
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.8.3-3")]
    [Statement("5.0", "MQTT-3.8.3-2")]
    public void Without_a_filter_it_is_an_error(MqttVersion version)
    {
        MqttClient client = Connect(version);

        client.Send(0x82, $"0001 {NoProperties(version)}");

        AssertClosed(client, version, "82");
    }

    [TestCase("03")]
    [TestCase("04")]
    [TestCase("41")]
    [TestCase("80")]
    [Statement("3.1.1", "MQTT-3.8.3-4")]
    public void Reserved_bits_and_QoS_3_are_malformed_in_3_1_1(string options)
    {
        MqttClient client = Connect(V311);

        client.Send(0x82, $"0001 'a' {options}");

        AssertClosed(client, V311, "");
    }

    [TestCase("40")]
    [TestCase("80")]
    [TestCase("C2")]
    [Statement("5.0", "MQTT-3.8.3-5")]
    public void Reserved_bits_are_malformed_in_5(string options)
    {
        MqttClient client = Connect(V5);

        client.Send(0x82, $"0001 00 'a' {options}");

        AssertClosed(client, V5, "81");
    }

    [Test]
    [Statement("5.0", "MQTT-3.8.3-3")]
    public void No_Local_spares_the_publisher_and_nobody_else()
    {
        MqttClient client = Connect(V5);
        MqttClient other = Connect(V5, "other").Subscribed("a");
        client.Subscribe("a", new SubscriptionOptions(Qos.AtMostOnce, NoLocal: true));
        client.Packets();

        client.Publish("a", "own");
        other.Publish("a", "theirs");

        Assert.That(client.Packets(), Is.EqualTo(new[] { "PUBLISH a theirs" }));
        Assert.That(other.Packets(), Is.EqualTo(new[] { "PUBLISH a own", "PUBLISH a theirs" }));
    }

    [Test]
    [Statement("5.0", "MQTT-3.8.3-3")]
    public void No_Local_leaves_the_other_subscriptions_of_the_publisher()
    {
        MqttClient client = Connect(V5);
        client.Subscribe("+", new SubscriptionOptions(Qos.AtMostOnce, NoLocal: true), identifier: 1);
        client.Subscribe("#", identifier: 2);
        client.Packets();

        client.Publish("a", "own");

        Assert.That(client.Packets(), Is.EqualTo(new[] { "PUBLISH a own sub=2" }));
    }

    [Test]
    [Statement("5.0", "MQTT-3.8.3-3")]
    public void No_Local_holds_for_what_the_publisher_retained()
    {
        MqttClient client = Connect(V5);
        client.Publish("a", "own", retain: true);
        Server.Publish("b", "theirs", retain: true);

        client.Subscribe("#", new SubscriptionOptions(Qos.AtMostOnce, NoLocal: true));

        Assert.That(client.Packets(), Is.EqualTo(new[] { "SUBACK 00", "PUBLISH b theirs retain" }));
    }

    [Test]
    [Statement("5.0", "MQTT-3.8.3-4")]
    public void No_Local_on_a_shared_subscription_is_an_error()
    {
        MqttClient client = Connect(V5);

        client.Subscribe("$share/g/a", new SubscriptionOptions(Qos.AtMostOnce, NoLocal: true));

        AssertClosed(client, V5, "82");
    }

    [TestCase(V311, "9006ABCD01800200")]
    [TestCase(V5, "9007ABCD00018F0200")]
    [Statement("3.1.1", "MQTT-3.8.4-1", "MQTT-3.8.4-2", "MQTT-3.8.4-4", "MQTT-3.8.4-5", "MQTT-3.9.3-1", "MQTT-3.9.3-2", "MQTT-2.3.1-7")]
    [Statement("5.0", "MQTT-3.8.4-1", "MQTT-3.8.4-2", "MQTT-3.8.4-5", "MQTT-3.8.4-6", "MQTT-3.8.4-7", "MQTT-3.9.3-1", "MQTT-3.9.3-2", "MQTT-2.2.1-6")]
    public void One_SUBACK_answers_every_filter_in_its_order(MqttVersion version, string answer)
    {
        Server.Options.Mqtt.MaximumTopicLevels = 3;
        MqttClient client = Connect(version, change: static packet => packet.RequestProblemInformation = false);

        client.Send(0x82, $"ABCD {NoProperties(version)} 'a' 01 'b/+/c/d' 02 'd' 02 'e/+' 00");
        Server.Publish("d", "x", Qos.ExactlyOnce);

        Assert.That(client.Hex(), Is.EqualTo(new[] { answer, version == V5 ? "340700016400010078" : "3406000164000178" }));
    }

    [TestCase(V311, "a/#", "80")]
    [TestCase(V311, "secret", "80")]
    [TestCase(V5, "secret", "87")]
    [TestCase(V311, "a/b/c", "80")]
    [TestCase(V5, "a/b/c", "8f")]
    [TestCase(V5, "$share/g/a", "9e")]
    [TestCase(V5, "a/#", "a2")]
    [Statement("3.1.1", "MQTT-3.8.3-2", "MQTT-3.8.4-5", "MQTT-3.9.3-2")]
    [Statement("5.0", "MQTT-3.8.4-7", "MQTT-3.9.3-2")]
    public void A_refused_filter_has_its_code_and_no_deliveries(MqttVersion version, string filter, string code)
    {
        Server.Options.Mqtt.WildcardSubscriptionAvailable = false;
        Server.Options.Mqtt.SharedSubscriptionAvailable = false;
        Server.Options.Mqtt.MaximumTopicLevels = 2;
        Server.Authorizer.Rule = static (_, action, topic) => action == TopicAction.Publish || topic != "secret";
        MqttClient client = Connect(version);

        client.Subscribe(filter);
        Server.Publish("a", "x");
        Server.Publish("secret", "x");

        Assert.That((client.Packets(), client.IsClosed), Is.EqualTo((new[] { $"SUBACK {code}" }, false)));
    }

    [Test]
    public void A_Subscription_Identifier_where_there_are_none_is_an_error()
    {
        Server.Options.Mqtt.SubscriptionIdentifierAvailable = false;
        MqttClient client = Connect(V5);

        client.Subscribe("a", identifier: 1);

        AssertClosed(client, V5, "a1");
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.8.4-3")]
    [Statement("5.0", "MQTT-3.8.4-3", "MQTT-3.8.4-4")]
    public void The_same_filter_replaces_the_subscription_and_loses_nothing(MqttVersion version)
    {
        MqttClient client = Connect(version).Subscribed("a", Qos.AtLeastOnce);
        Server.Publish("a", "1", Qos.ExactlyOnce);
        client.Subscribe("a", new SubscriptionOptions(Qos.ExactlyOnce));
        Server.Publish("a", "2", Qos.ExactlyOnce);

        Assert.That(client.Packets(), Is.EqualTo(new[] { "PUBLISH a 1 q1 #1", "SUBACK 02", "PUBLISH a 2 q2 #2" }));
        client.Unsubscribe("a");
        Server.Publish("a", "3");
        Assert.That(client.Packets(), Has.Length.EqualTo(1));
    }

    [Test]
    [Statement("5.0", "MQTT-3.8.4-4")]
    public void Replacing_keeps_what_is_queued()
    {
        MqttClient client = Connect(V5, change: static packet => packet.ReceiveMaximum = 1).Subscribed("a", Qos.AtLeastOnce);
        Server.Publish("a", "1", Qos.AtLeastOnce);
        Server.Publish("a", "2", Qos.AtLeastOnce);

        client.Subscribe("a", new SubscriptionOptions(Qos.AtMostOnce));
        client.Acknowledge(PacketType.PubAck, 1);

        Assert.That(client.Packets(), Is.EqualTo(new[] { "PUBLISH a 1 q1 #1", "SUBACK 00", "PUBLISH a 2 q1 #2" }));
    }

    [Test]
    [Statement("5.0", "MQTT-3.9.2-1", "MQTT-3.9.2-2", "MQTT-3.11.2-1", "MQTT-3.11.2-2", "MQTT-3.4.2-2", "MQTT-3.4.2-3", "MQTT-3.5.2-2", "MQTT-3.5.2-3",
        "MQTT-3.6.2-2", "MQTT-3.6.2-3", "MQTT-3.7.2-2", "MQTT-3.7.2-3")]
    public void No_answer_is_larger_than_the_client_allows()
    {
        MqttClient client = Connect(V5, change: static packet => packet.MaximumPacketSize = 20);
        Server.Authorizer.Rule = static (_, _, topic) => topic == "allowed";
        client.Publish("allowed", "x", Qos.ExactlyOnce, packetId: 5);
        client.Packets();

        client.Subscribe("a");
        client.Send(0xA2, "0005 00 'a'");
        client.Publish("a", "x", Qos.AtLeastOnce, packetId: 1);
        client.Publish("a", "x", Qos.ExactlyOnce, packetId: 2);
        client.Acknowledge(PacketType.PubRel, 9);
        client.Acknowledge(PacketType.PubRec, 9);

        string[] packets = client.Hex();
        Assert.That(packets.Select(static packet => packet[..2]), Is.EqualTo(new[] { "90", "B0", "40", "50", "70", "62" }));
        Assert.That(packets, Has.All.Length.LessThanOrEqualTo(40));
    }

    [TestCase(V311, "SUBACK 00", "UNSUBACK ")]
    [TestCase(V5, "SUBACK 91", "UNSUBACK 91")]
    [Statement("5.0", "MQTT-2.2.1-3")]
    public void An_identifier_of_a_publish_under_way_is_refused_where_there_is_a_code_for_it(MqttVersion version, string subAck, string unsubAck)
    {
        MqttClient client = Connect(version);
        client.Publish("a", "x", Qos.ExactlyOnce, packetId: 1);
        client.Packets();

        client.Subscribe("b", packetId: 1);
        client.Unsubscribe("b");

        Assert.That(client.Packets(), Is.EqualTo(new[] { subAck, unsubAck }));
    }
}
