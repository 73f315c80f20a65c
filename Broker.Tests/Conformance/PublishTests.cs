using Broker.Core.Ports;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Conformance;

/// <summary>PUBLISH: flags, topic, properties; what reaches a subscriber.</summary>
internal sealed class PublishTests : ConformanceFixture
{
    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.3.1-2", "MQTT-4.3.1-1")]
    [Statement("5.0", "MQTT-3.3.1-2", "MQTT-4.3.1-1")]
    public void DUP_at_QoS_0_is_malformed(MqttVersion version)
    {
        MqttClient client = Connect(version);

        client.Send(0x38, $"'a' {NoProperties(version)} ~x");

        AssertClosed(client, version, "81");
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.3.1-2", "MQTT-3.3.1-3", "MQTT-2.3.1-5", "MQTT-4.3.1-1")]
    [Statement("5.0", "MQTT-3.3.1-2", "MQTT-3.3.1-3", "MQTT-2.2.1-2", "MQTT-2.2.2-1", "MQTT-4.3.1-1")]
    public void DUP_of_the_publisher_is_not_forwarded(MqttVersion version)
    {
        MqttClient zero = Connect(version, "zero").Subscribed("a");
        MqttClient one = Connect(version, "one").Subscribed("a", Qos.AtLeastOnce);
        MqttClient client = Connect(version);

        client.Publish("a", "x", Qos.AtLeastOnce, packetId: 5, dup: true);

        Assert.That(zero.Hex(), Is.EqualTo(new[] { version == V5 ? "30050001610078" : "300400016178" }));
        Assert.That(one.Packets(), Is.EqualTo(new[] { "PUBLISH a x q1 #1" }));
    }

    [TestCase(V31)]
    [TestCase(V311)]
    [Statement("3.1.1", "MQTT-3.3.1-2", "MQTT-3.3.1-3", "MQTT-4.3.1-1")]
    [Statement("5.0", "MQTT-3.3.1-3")]
    public void DUP_at_QoS_0_which_3_1_allows_is_not_forwarded(MqttVersion receiver)
    {
        MqttClient watcher = Watcher(receiver, "a");

        Connect(V31).Send(0x38, "'a' ~x");

        Assert.That(watcher.Hex(), Is.EqualTo(new[] { "300400016178" }));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-2.3.1-5", "MQTT-4.3.1-1")]
    [Statement("5.0", "MQTT-2.2.1-2", "MQTT-4.3.1-1")]
    public void A_QoS_0_PUBLISH_has_no_Packet_Identifier(MqttVersion version)
    {
        MqttClient watcher = Watcher(version == V5 ? V311 : V5, "a");

        Connect(version).Send(0x30, $"'a' {NoProperties(version)} 'x'");

        Assert.That(watcher.Hex(), Is.EqualTo(new[] { version == V5 ? "3006000161000178" : "300700016100000178" }));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.3.1-4")]
    [Statement("5.0", "MQTT-3.3.1-4")]
    public void QoS_3_is_malformed(MqttVersion version)
    {
        MqttClient client = Connect(version);

        client.Send(0x36, $"'a' 0001 {NoProperties(version)} ~x");

        AssertClosed(client, version, "81");
    }

    [TestCase(V311, 0x32, "'a' 0000 ~x")]
    [TestCase(V5, 0x34, "'a' 0000 00 ~x")]
    [TestCase(V311, 0x82, "0000 'a' 00")]
    [TestCase(V5, 0x82, "0000 00 'a' 00")]
    [TestCase(V311, 0xA2, "0000 'a'")]
    [TestCase(V5, 0xA2, "0000 00 'a'")]
    [Statement("3.1.1", "MQTT-2.3.1-1")]
    [Statement("5.0", "MQTT-2.2.1-3")]
    public void Packet_Identifier_0_is_an_error(MqttVersion version, int first, string body)
    {
        MqttClient client = Connect(version);

        client.Send((byte)first, body);

        AssertClosed(client, version, "82");
    }

    [TestCase(V311, "0001FF", "81")]
    [TestCase(V5, "0001FF", "81")]
    [TestCase(V5, "0003EDA080", "81")]
    [TestCase(V311, "'a/+'", "82")]
    [TestCase(V5, "'a/+'", "82")]
    [TestCase(V5, "'#'", "82")]
    [TestCase(V5, "'a+b'", "82")]
    [TestCase(V311, "000161 ", "")]
    [Statement("3.1.1", "MQTT-3.3.2-1", "MQTT-3.3.2-2", "MQTT-4.7.1-1", "MQTT-4.8.0-1")]
    [Statement("5.0", "MQTT-3.3.2-1", "MQTT-3.3.2-2", "MQTT-4.7.0-1", "MQTT-4.13.1-1")]
    public void The_Topic_Name_is_UTF8_without_wildcards(MqttVersion version, string topic, string code)
    {
        MqttClient client = Connect(version);
        MqttClient other = Connect(version, "other").Subscribed("#");

        client.Send(0x30, $"{topic} {NoProperties(version)} ~x");

        if (code.Length > 0)
        {
            AssertClosed(client, version, code);
        }

        Assert.That((client.IsClosed, other.IsClosed, other.Packets().Length), Is.EqualTo((code.Length > 0, false, code.Length > 0 ? 0 : 1)));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.3.4-1", "MQTT-2.3.1-6", "MQTT-4.3.2-2", "MQTT-4.3.3-2")]
    [Statement("5.0", "MQTT-3.3.4-1", "MQTT-2.2.1-5", "MQTT-4.3.2-4", "MQTT-4.3.3-8", "MQTT-4.3.3-11", "MQTT-3.4.2-1", "MQTT-3.5.2-1", "MQTT-3.7.2-1")]
    public void Answers_follow_the_QoS_and_repeat_the_identifier(MqttVersion version)
    {
        Connect(version, "other").Subscribed("a");
        MqttClient client = Connect(version);

        client.Publish("a", "x");
        client.Publish("a", "x", Qos.AtLeastOnce, packetId: 0x1234);
        client.Publish("a", "x", Qos.ExactlyOnce, packetId: 0xFFFF);
        client.Acknowledge(PacketType.PubRel, 0xFFFF);

        Assert.That(client.Hex(), Is.EqualTo(new[] { "40021234", "5002FFFF", "7002FFFF" }));
    }

    [TestCase(V311, "40020001", "50020002")]
    [TestCase(V5, "4003000110", "5003000210")]
    [Statement("5.0", "MQTT-3.4.2-1", "MQTT-3.5.2-1")]
    public void A_publish_that_nobody_wants_says_so_in_5_only(MqttVersion version, string pubAck, string pubRec)
    {
        MqttClient client = Connect(version);

        client.Publish("a", "x", Qos.AtLeastOnce, packetId: 1);
        client.Publish("a", "x", Qos.ExactlyOnce, packetId: 2);

        Assert.That(client.Hex(), Is.EqualTo(new[] { pubAck, pubRec }));
    }

    [TestCase(V311, "40020001", "50020002")]
    [TestCase(V5, "4003000187", "5003000287")]
    [Statement("3.1.1", "MQTT-3.3.5-2")]
    [Statement("5.0", "MQTT-3.4.2-1", "MQTT-3.5.2-1")]
    public void A_publish_that_is_not_allowed_is_acknowledged_and_goes_nowhere(MqttVersion version, string pubAck, string pubRec)
    {
        MqttClient watcher = Watcher(version, "#");
        MqttClient client = Connect(version, change: static packet => packet.RequestProblemInformation = false);
        Server.Authorizer.Rule = static (_, action, _) => action == TopicAction.Subscribe;

        client.Publish("a", "x");
        client.Publish("a", "x", Qos.AtLeastOnce, packetId: 1);
        client.Publish("a", "x", Qos.ExactlyOnce, packetId: 2);

        Assert.That((client.Hex(), client.IsClosed, watcher.Packets()), Is.EqualTo((new[] { pubAck, pubRec }, false, Array.Empty<string>())));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.3.5-1", "MQTT-3.3.2-3", "MQTT-3.8.4-6")]
    [Statement("5.0", "MQTT-3.3.4-2", "MQTT-3.3.2-3", "MQTT-3.8.4-8")]
    public void Overlapping_subscriptions_deliver_at_the_highest_QoS(MqttVersion version)
    {
        MqttClient client = Connect(version).Subscribed("a/+").Subscribed("a/#", Qos.ExactlyOnce).Subscribed("a/b", Qos.AtLeastOnce).Subscribed("b", Qos.ExactlyOnce);

        Server.Publish("a/b", "2", Qos.ExactlyOnce);
        Server.Publish("a/b", "1", Qos.AtLeastOnce);

        Assert.That(client.Packets(), Is.EqualTo(new[] { "PUBLISH a/b 2 q2 #1", "PUBLISH a/b 1 q1 #2" }));
    }

    [TestCase(0, 0, "")]
    [TestCase(0, 2, "")]
    [TestCase(1, 0, "")]
    [TestCase(1, 2, " q1 #1")]
    [TestCase(2, 1, " q1 #1")]
    [TestCase(2, 2, " q2 #1")]
    [Statement("3.1.1", "MQTT-3.8.4-6")]
    [Statement("5.0", "MQTT-3.8.4-8")]
    public void Delivery_has_the_lower_of_both_QoS(int published, int granted, string delivered)
    {
        foreach (MqttVersion version in new[] { V311, V5 })
        {
            MqttClient client = Connect(version, $"c{version}").Subscribed("a", (Qos)granted);
            Server.Publish("a", "x", (Qos)published);
            Assert.That(client.Packets(), Is.EqualTo(new[] { $"PUBLISH a x{delivered}" }), $"{version}");
        }
    }

    [Test]
    [Statement("5.0", "MQTT-3.3.4-3", "MQTT-3.3.4-4", "MQTT-3.3.4-5")]
    public void One_copy_lists_the_identifiers_of_all_matching_subscriptions()
    {
        MqttClient client = Connect(V5);
        client.Subscribe("a/+", identifier: 5);
        client.Subscribe("a/#", identifier: 268_435_455);
        client.Subscribe("a/b");
        client.Subscribe("b", identifier: 9);
        client.Packets();

        Server.Publish("a/b", "x");
        IReadOnlyList<uint> both = client.Properties().SubscriptionIdentifiers;
        Server.Publish("b", "x");
        IReadOnlyList<uint> one = client.Properties().SubscriptionIdentifiers;

        Assert.That(both, Is.EquivalentTo(new[] { 5u, 268_435_455u }));
        Assert.That(one, Is.EqualTo(new[] { 9u }));
    }

    [Test]
    [Statement("5.0", "MQTT-3.3.4-3")]
    public void Identifiers_come_with_retained_and_queued_messages_too()
    {
        Server.Publish("a", "retained", retain: true);
        MqttClient client = Persistent(V5);
        client.Subscribe("a", new SubscriptionOptions(Qos.AtLeastOnce), identifier: 7);
        string[] retained = client.Packets();
        client.Connection.Vanish();
        Server.Publish("a", "queued", Qos.AtLeastOnce);

        Assert.That(retained, Is.EqualTo(new[] { "SUBACK 01", "PUBLISH a retained retain sub=7" }));
        Assert.That(Resume(V5).Packets(), Is.EqualTo(new[] { "CONNACK 00 present", "PUBLISH a queued q1 #1 sub=7" }));
    }

    [Test]
    [Statement("5.0", "MQTT-3.3.4-3")]
    public void Identifiers_come_with_shared_subscriptions_too()
    {
        MqttClient client = Connect(V5);
        client.Subscribe("$share/g/a", identifier: 7);

        Server.Publish("a", "x");

        Assert.That(client.Packets(), Is.EqualTo(new[] { "SUBACK 00", "PUBLISH a x sub=7" }));
    }

    [Test]
    [Statement("5.0", "MQTT-3.3.4-6")]
    public void A_client_may_not_send_a_Subscription_Identifier()
    {
        MqttClient client = Connect(V5);

        client.Send(0x30, "'a' ( 0B 01 ) ~x");

        AssertClosed(client, V5, "82");
    }

    [TestCase(0)]
    [TestCase(1)]
    [Statement("5.0", "MQTT-3.3.2-4", "MQTT-3.3.2-15", "MQTT-3.3.2-16", "MQTT-3.3.2-17", "MQTT-3.3.2-18", "MQTT-3.3.2-20", "MQTT-1.5.7-1")]
    public void Properties_reach_the_subscriber_as_they_are_and_in_order(int qos)
    {
        MqttClient watcher = Watcher(V5, "a", (Qos)qos);
        string packetId = qos == 0 ? "" : "0001";

        Connect(V5).Send((byte)(0x30 | qos << 1), $"'a' {packetId} ( 26 'z' '1' 01 01 08 'reply/to' 26 'a' '2' 09 000300FF00 03 'text/plain' 26 'z' '3' ) ~x");
        PublishProperties received = watcher.Properties();

        Assert.That(
            received.UserProperties, Is.EqualTo(new[] { new UserProperty("z", "1"), new UserProperty("a", "2"), new UserProperty("z", "3") }));
        Assert.That(
            (received.PayloadFormatIndicator, received.ResponseTopic, received.CorrelationData, received.ContentType),
            Is.EqualTo(((byte)1, "reply/to", new byte[] { 0, 0xFF, 0 }, "text/plain")));
    }

    [TestCase("08 0001FF", "81")]
    [TestCase("08 'a/#'", "82")]
    [TestCase("08 '+'", "82")]
    [TestCase("03 0001FF", "81")]
    [TestCase("26 'k' 0001FF", "81")]
    [TestCase("26 000100 'v'", "81")]
    [Statement("5.0", "MQTT-3.3.2-13", "MQTT-3.3.2-14", "MQTT-3.3.2-19", "MQTT-1.5.7-1")]
    public void Response_Topic_Content_Type_and_User_Properties_are_checked(string property, string code)
    {
        MqttClient client = Connect(V5);

        client.Send(0x30, $"'a' ( {property} ) ~x");

        AssertClosed(client, V5, code);
    }

    [Test]
    [Statement("5.0", "MQTT-3.3.2-5", "MQTT-3.3.2-6")]
    public void Message_Expiry_counts_down_where_a_message_waits()
    {
        Persistent(V5).Subscribed("a", Qos.AtLeastOnce).Connection.Vanish();
        MqttClient publisher = Connect(V5, "publisher");
        publisher.Publish("a", "short", Qos.AtLeastOnce, packetId: 1, expiry: 5, retain: true);
        publisher.Publish("b", "long", Qos.AtLeastOnce, packetId: 2, expiry: 50, retain: true);
        publisher.Publish("a", "long", Qos.AtLeastOnce, packetId: 3, expiry: 50);

        Server.Time.Advance(TimeSpan.FromSeconds(20));
        MqttClient late = Connect(V5, "late");
        late.Subscribe("#");

        Assert.That(Resume(V5).Packets(), Is.EqualTo(new[] { "CONNACK 00 present", "PUBLISH a long q1 #1 expiry=30" }));
        Assert.That(late.Packets(), Is.EqualTo(new[] { "SUBACK 00", "PUBLISH b long retain expiry=30" }));
    }

    [Test]
    [Statement("5.0", "MQTT-4.3.3-7", "MQTT-4.3.3-13")]
    public void A_QoS_2_message_that_was_sent_no_longer_expires()
    {
        MqttClient watcher = Persistent(V5).Subscribed("a", Qos.ExactlyOnce);
        MqttClient publisher = Connect(V5, "publisher");
        publisher.Publish("a", "x", Qos.ExactlyOnce, packetId: 1, expiry: 5);
        watcher.Connection.Vanish();
        Server.Time.Advance(TimeSpan.FromSeconds(20));

        MqttClient again = Resume(V5);
        string[] sent = again.Packets();
        again.Acknowledge(PacketType.PubRec, 1);
        publisher.Acknowledge(PacketType.PubRel, 1);

        Assert.That(sent, Has.Length.EqualTo(2).And.Some.StartsWith("PUBLISH a x q2 #1 dup"));
        Assert.That(again.Packets(), Is.EqualTo(new[] { "PUBREL #1 00" }));
        Assert.That(publisher.Packets(), Is.EqualTo(new[] { "PUBREC #1 00", "PUBCOMP #1 00" }));
    }

    [Test]
    [Statement("5.0", "MQTT-3.3.2-12", "MQTT-3.3.2-9", "MQTT-3.2.2-17")]
    public void Every_Topic_Alias_up_to_the_maximum_works_and_none_above()
    {
        Server.Options.Mqtt.TopicAliasMaximum = 10;
        MqttClient watcher = Watcher(V5, "#");
        MqttClient client = Connect(V5);
        for (ushort alias = 1; alias <= 10; alias++)
        {
            client.Publish($"t{alias}", "1", alias: alias);
        }

        for (ushort alias = 1; alias <= 10; alias++)
        {
            client.Publish("", "2", alias: alias);
        }

        string[] expected = [.. Enumerable.Range(1, 10).Select(static n => $"PUBLISH t{n} 1"), .. Enumerable.Range(1, 10).Select(static n => $"PUBLISH t{n} 2")];
        Assert.That(watcher.Packets(), Is.EqualTo(expected));
        client.Publish("t11", "1", alias: 11);
        AssertClosed(client, V5, "94");
    }

    [Test]
    [Statement("5.0", "MQTT-3.2.2-18")]
    public void Without_a_maximum_there_are_no_Topic_Aliases()
    {
        Server.Options.Mqtt.TopicAliasMaximum = 0;
        MqttClient client = MqttClient.Open(Server, "c1");
        ushort? announced = client.ConnAck().TopicAliasMaximum;

        client.Publish("a", "x", alias: 1);

        Assert.That(announced, Is.Null);
        AssertClosed(client, V5, "94");
    }

    [Test]
    [Statement("5.0", "MQTT-3.3.2-7")]
    public void Topic_Aliases_end_with_their_connection()
    {
        MqttClient first = Persistent(V5);
        first.Publish("a", "x", alias: 1);
        MqttClient second = Persistent(V5);

        second.Publish("", "x", alias: 1);

        AssertClosed(second, V5, "82");
    }

    [Test]
    [Statement("5.0", "MQTT-3.3.2-7")]
    public void Topic_Aliases_towards_a_client_end_with_its_connection()
    {
        MqttClient first = Persistent(V5, change: static packet => packet.TopicAliasMaximum = 5).Subscribed("topic/1");
        Server.Publish("topic/1", "1");
        Server.Publish("topic/1", "2");
        string[] sent = first.Packets();
        MqttClient second = Persistent(V5, change: static packet => packet.TopicAliasMaximum = 5);
        Server.Publish("topic/1", "3");

        Assert.That(sent, Is.EqualTo(new[] { "PUBLISH topic/1 1 alias=1", "PUBLISH  2 alias=1" }));
        Assert.That(second.Packets(), Is.EqualTo(new[] { "PUBLISH topic/1 3 alias=1" }));
    }

    [Test]
    [Statement("5.0", "MQTT-3.3.2-8")]
    public void Topic_Alias_0_is_invalid()
    {
        MqttClient client = Connect(V5);

        client.Send(0x30, "'a' ( 23 0000 ) ~x");

        AssertClosed(client, V5, "94");
    }

    [Test]
    [Statement("5.0", "MQTT-3.1.2-27")]
    public void A_client_without_a_Topic_Alias_Maximum_gets_no_alias()
    {
        MqttClient watcher = Watcher(V5, "a");

        Server.Publish("a", "1");
        Server.Publish("a", "2");

        Assert.That(watcher.Hex(), Is.EqualTo(new[] { "30050001610031", "30050001610032" }));
    }

    [Test]
    [Statement("5.0", "MQTT-3.1.2-26", "MQTT-3.3.2-11", "MQTT-3.3.2-8")]
    public void Topic_Aliases_towards_a_client_stay_within_its_maximum()
    {
        MqttClient watcher = Connect(V5, "watcher", static packet => packet.TopicAliasMaximum = 3).Subscribed("#");
        for (int number = 0; number < 20; number++)
        {
            Server.Publish($"topic/{number % 5}", "x");
        }

        var known = new Dictionary<ushort, string>();
        List<string> topics = [.. watcher.PublishesOf5().Select(packet => packet.Topic.Length > 0 ? known[packet.Alias] = packet.Topic : known[packet.Alias])];

        Assert.That(topics, Is.EqualTo(Enumerable.Range(0, 20).Select(static number => $"topic/{number % 5}")));
        Assert.That(known.Keys, Is.EquivalentTo(new ushort[] { 1, 2, 3 }));
    }

    [Test]
    [Statement("5.0", "MQTT-3.1.2-24")]
    public void A_Subscription_Identifier_counts_for_the_Maximum_Packet_Size()
    {
        MqttClient client = Connect(V5, change: static packet => packet.MaximumPacketSize = 20);
        client.Subscribe("a", identifier: 200);

        Server.Publish("a", new string('x', 12));
        Server.Publish("a", new string('x', 11));

        Assert.That(client.Packets(), Is.EqualTo(new[] { "SUBACK 00", $"PUBLISH a {new string('x', 11)} sub=200" }));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("5.0", "MQTT-3.1.2-24", "MQTT-3.1.2-25")]
    public void Nothing_above_the_Maximum_Packet_Size_of_the_client_is_sent_and_the_delivery_is_over(MqttVersion version)
    {
        MqttClient client = Persistent(version, change: static packet => packet.MaximumPacketSize = 20).Subscribed("a", Qos.AtLeastOnce);

        Server.Publish("a", new string('x', 20), Qos.AtLeastOnce);
        Server.Publish("a", new string('x', 20));
        Server.Publish("a", "y", Qos.AtLeastOnce);
        string[] packets = client.Packets();
        client.Connection.Vanish();

        Assert.That(packets.Count(static packet => packet.Contains("xx", StringComparison.Ordinal)), Is.EqualTo(version == V5 ? 0 : 2));
        Assert.That(packets, Has.Some.StartsWith("PUBLISH a y q1"));
        Assert.That(Resume(version).Packets().Length, Is.EqualTo(version == V5 ? 2 : 3));
    }
}
