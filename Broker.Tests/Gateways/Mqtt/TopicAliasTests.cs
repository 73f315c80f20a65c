using Broker.Gateways.Mqtt;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Gateways.Mqtt;

/// <summary>Topic Aliases towards clients.</summary>
internal sealed class TopicAliasTests
{
    private TestBroker _broker = null!;

    [SetUp]
    public void Open() => _broker = new TestBroker();

    [TearDown]
    public void Close() => _broker.Dispose();

    [TestCase(Qos.AtMostOnce)]
    [TestCase(Qos.AtLeastOnce)]
    [TestCase(Qos.ExactlyOnce)]
    public void A_topic_gets_an_alias_that_stands_for_it_from_then_on_MQTT_3_1_2_26(object qos)
    {
        MqttClient client = Connect("c1", 5);

        _broker.Publish("topic/1", "x", (Qos)qos);
        _broker.Publish("topic/1", "y", (Qos)qos);

        string[] packets = client.Packets();
        Assert.That(packets[0], Does.StartWith("PUBLISH topic/1 x").And.EndsWith(" alias=1"));
        Assert.That(packets[1], Does.StartWith("PUBLISH  y").And.EndsWith(" alias=1"));
    }

    [Test]
    public void The_alias_used_longest_ago_gets_the_new_topic()
    {
        MqttClient client = Connect("c1", 2);

        foreach (string topic in new[] { "topic/1", "topic/2", "topic/1", "topic/3", "topic/1", "topic/2" })
        {
            _broker.Publish(topic, "x");
        }

        Assert.That(client.Packets(), Is.EqualTo(new[]
        {
            "PUBLISH topic/1 x alias=1", "PUBLISH topic/2 x alias=2", "PUBLISH  x alias=1",
            "PUBLISH topic/3 x alias=2", "PUBLISH  x alias=1", "PUBLISH topic/2 x alias=2",
        }));
    }

    [Test]
    public void A_client_that_allows_none_gets_none_MQTT_3_1_2_27()
    {
        MqttClient[] clients =
        [
            MqttClient.Connect(_broker, "v5").Subscribed("#"),
            MqttClient.Connect(_broker, "v3", MqttVersion.V311).Subscribed("#"),
        ];

        _broker.Publish("topic/1", "x");

        Assert.That(clients.SelectMany(static client => client.Packets()), Is.All.EqualTo("PUBLISH topic/1 x"));
    }

    [Test]
    public void The_configured_maximum_holds_too()
    {
        _broker.Options.Mqtt.OutboundTopicAliasMaximum = 0;
        MqttClient client = Connect("c1", 5);

        _broker.Publish("topic/1", "x");

        Assert.That(client.Packets(), Is.EqualTo(new[] { "PUBLISH topic/1 x" }));
    }

    [Test]
    public void A_new_connection_begins_without_aliases()
    {
        MqttClient first = Connect("c1", 5);
        _broker.Publish("topic/1", "x", Qos.AtLeastOnce);
        _broker.Publish("topic/1", "y", Qos.AtLeastOnce);
        first.Connection.Vanish();

        Assert.That(Open("c1", 5).Packets(), Is.EqualTo(new[]
        {
            "CONNACK 00 present", "PUBLISH topic/1 x q1 #1 dup alias=1", "PUBLISH  y q1 #2 dup alias=1",
        }));
    }

    [Test]
    public void An_alias_that_did_not_reach_the_client_is_not_used()
    {
        MqttClient client = Connect("c1", 5, maximumPacketSize: 64);
        string tooLarge = new('x', 100);

        _broker.Publish("topic/1", tooLarge);
        _broker.Publish("topic/1", "x");

        Assert.That(client.Packets(), Is.EqualTo(new[] { "PUBLISH topic/1 x alias=1" })); // [MQTT-3.1.2-25]
    }

    [Test]
    public void What_fits_only_without_an_alias_is_sent_without_one_MQTT_3_1_2_24()
    {
        MqttClient client = Connect("c1", 5, maximumPacketSize: 64);
        string fits = new('x', 64 - 2 - 2 - 7 - 1);

        _broker.Publish("topic/1", fits);

        Assert.That(client.Packets(), Is.EqualTo(new[] { $"PUBLISH topic/1 {fits}" }));
    }

    [Test]
    public void The_table_agrees_with_a_simple_one()
    {
        var random = new Random(5);
        var table = new SentAliases(7);
        var topics = new Dictionary<ushort, string>();
        var recent = new List<string>();
        for (int i = 0; i < 10_000; i++)
        {
            string topic = new('t', random.Next(1, 100));
            byte[] bytes = System.Text.Encoding.UTF8.GetBytes(topic);
            ushort found = table.Find(bytes);
            Assert.That(found != 0, Is.EqualTo(recent.Contains(topic)));
            if (found == 0)
            {
                ushort next = table.Next;
                Assert.That(topics.GetValueOrDefault(next), Is.EqualTo(recent.Count == 7 ? recent[0] : null));
                table.Assign(bytes);
                recent.Remove(topics.GetValueOrDefault(next, ""));
                topics[next] = topic;
            }
            else
            {
                Assert.That(topics[found], Is.EqualTo(topic));
                recent.Remove(topic);
            }

            recent.Add(topic);
        }
    }

    [Test]
    public void The_table_allocates_nothing_once_its_aliases_have_had_topics()
    {
        var table = new SentAliases(7);
        byte[][] topics = [.. Enumerable.Range(0, 20).Select(static index => System.Text.Encoding.UTF8.GetBytes($"topic/{index}"))];

        Assert.That(Allocations.Of(() => Use(table, topics)), Is.Zero);
    }

    private static void Use(SentAliases table, byte[][] topics)
    {
        foreach (byte[] topic in topics)
        {
            if (table.Find(topic) == 0)
            {
                table.Assign(topic);
            }
        }
    }

    private MqttClient Connect(string clientId, ushort aliases, uint? maximumPacketSize = null)
    {
        MqttClient client = Open(clientId, aliases, maximumPacketSize);
        client.Packets();
        return client.Subscribed("#", Qos.ExactlyOnce);
    }

    private MqttClient Open(string clientId, ushort aliases, uint? maximumPacketSize = null) =>
        MqttClient.Open(_broker, clientId, clean: false, change: packet =>
        {
            packet.TopicAliasMaximum = aliases;
            packet.SessionExpiryInterval = 60;
            packet.MaximumPacketSize = maximumPacketSize;
        });
}
