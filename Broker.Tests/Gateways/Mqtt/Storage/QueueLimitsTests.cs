using Broker.Configuration;
using Broker.Core.Sessions;
using Broker.Observability;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Gateways.Mqtt.Storage;

/// <summary>Limits of what waits in all queues together, and what makes room in a full one.</summary>
internal sealed class QueueLimitsTests
{
    private const int MessageBytes = 101; // "a" and 100 of payload

    private static readonly string Payload = new('x', MessageBytes - 1);

    [TestCase(0, 3)]
    [TestCase(2 * MessageBytes, 2)]
    public void All_queues_together_hold_no_more_than_they_may(int maximum, int expected)
    {
        using var broker = new DurableBroker(options => options.Sessions.MaximumTotalQueuedBytes = maximum);
        foreach (string client in (string[])["s1", "s2", "s3"])
        {
            broker.Subscriber(client, "a", Qos.AtLeastOnce).Disconnect();
        }

        broker.Broker.Publish("a", Payload, Qos.AtLeastOnce);

        QueueTotals totals = broker.Broker.Broker.Queues;
        Assert.That((totals.Messages, totals.Bytes), Is.EqualTo(((long)expected, (long)expected * MessageBytes)));
        Assert.That(broker.Broker.Dropped(DropReason.AllQueuesFull), Is.EqualTo(3 - expected));
    }

    [Test]
    public void Above_the_limit_of_memory_messages_wait_in_the_store_and_all_arrive_in_order()
    {
        using var broker = new DurableBroker(options => options.Sessions.MaximumQueuedBytesInMemory = 2 * MessageBytes);
        broker.Subscriber("s", "a", Qos.AtLeastOnce).Disconnect();
        for (int index = 0; index < 5; index++)
        {
            broker.Broker.Publish("a", $"{index}{Payload[1..]}", Qos.AtLeastOnce);
        }

        QueueTotals totals = broker.Broker.Broker.Queues;
        Assert.That((totals.Messages, totals.BytesInMemory), Is.EqualTo((5L, 2L * MessageBytes)));
        broker.Store.Commit();
        Assert.That(Drain(broker), Is.EqualTo("01234"));
        Assert.That((totals.Messages, totals.Bytes, totals.BytesInMemory), Is.EqualTo((0L, 0L, 0L)));
    }

    [Test]
    public void Above_the_limit_of_memory_what_only_memory_would_hold_is_not_queued()
    {
        using var broker = new DurableBroker(options =>
        {
            options.Sessions.MaximumQueuedBytesInMemory = 2 * MessageBytes;
            options.Storage.Rules.Add(new DurabilityRuleOptions { TopicFilter = "#", Durability = Durability.Memory });
        });
        broker.Subscriber("s", "a", Qos.AtLeastOnce).Disconnect();
        for (int index = 0; index < 5; index++)
        {
            broker.Broker.Publish("a", Payload, Qos.AtLeastOnce);
        }

        Assert.That((broker.Broker.Broker.Queues.Messages, broker.Broker.Dropped(DropReason.AllQueuesFull)), Is.EqualTo((2L, 3L)));
    }

    [Test]
    public void A_message_above_the_limit_of_memory_reaches_a_connected_client([Values(Qos.AtLeastOnce, Qos.ExactlyOnce)] Qos qos)
    {
        using var broker = new DurableBroker(options => options.Sessions.MaximumQueuedBytesInMemory = 0);
        MqttClient client = broker.Subscriber("s", "a", qos);
        broker.Broker.Publish("a", Payload, qos);
        broker.Store.Commit();
        broker.Store.Read();

        Assert.That(client.Packets().Count(static packet => packet.StartsWith("PUBLISH", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public void What_is_in_flight_is_not_read_back_with_what_waits_in_the_store()
    {
        using var broker = new DurableBroker(options => options.Sessions.MaximumQueuedBytesInMemory = 0);
        MqttClient client = broker.Subscriber("s", "a", Qos.AtLeastOnce, static packet => packet.ReceiveMaximum = 1);
        broker.Broker.Publish("a", "1", Qos.AtLeastOnce);
        broker.Broker.Publish("a", "2", Qos.AtLeastOnce);
        broker.Store.Commit();
        broker.Store.Read();
        string[] first = client.Packets();
        client.Acknowledge(PacketType.PubAck, 1);
        string[] second = client.Packets();
        client.Acknowledge(PacketType.PubAck, 2);

        Assert.That((first, second), Is.EqualTo((new[] { "PUBLISH a 1 q1 #1" }, new[] { "PUBLISH a 2 q1 #2" })));
        Assert.That(client.Packets(), Is.Empty);
    }

    [Test]
    public void Of_large_messages_only_a_MiB_is_in_memory()
    {
        const int Large = 300_000;
        using var broker = new DurableBroker();
        broker.Subscriber("s", "a", Qos.AtLeastOnce).Disconnect();
        for (int index = 0; index < 10; index++)
        {
            broker.Broker.Publish("a", new string('x', Large), Qos.AtLeastOnce);
        }

        QueueTotals totals = broker.Broker.Broker.Queues;
        Assert.That(totals.Messages, Is.EqualTo(10));
        Assert.That(totals.BytesInMemory, Is.InRange(Large, (1024 * 1024) + Large));
    }

    [Test]
    public void A_message_at_QoS_0_makes_none_of_its_like_go()
    {
        using var broker = new TestBroker(options =>
        {
            options.Sessions.MaximumQueuedMessages = 2;
            options.Sessions.QueueQos0 = true;
            options.Sessions.QueueFullPolicy = QueueFullPolicy.DropQos0First;
        });
        MqttClient.Connect(broker, "s", clean: false, change: static packet => packet.SessionExpiryInterval = 3600).Subscribed("a").Disconnect();
        foreach (string payload in (string[])["1", "2", "3"])
        {
            broker.Publish("a", payload);
        }

        Assert.That(
            MqttClient.Open(broker, "s", clean: false).Packets(), Is.EqualTo(new[] { "CONNACK 00 present", "PUBLISH a 1", "PUBLISH a 2" }));
    }

    [Test]
    public void Messages_at_QoS_0_make_room_for_others_and_not_for_their_like()
    {
        using var broker = new TestBroker(options =>
        {
            options.Sessions.MaximumQueuedMessages = 4;
            options.Sessions.QueueQos0 = true;
            options.Sessions.QueueFullPolicy = QueueFullPolicy.DropQos0First;
        });
        MqttClient client = MqttClient.Connect(broker, "s", change: static packet => (packet.CleanStart, packet.SessionExpiryInterval) = (false, 3600));
        client.Subscribe("a", new SubscriptionOptions { Qos = Qos.AtLeastOnce });
        client.Disconnect();
        foreach ((string payload, Qos qos) in new[] { ("0a", Qos.AtMostOnce), ("1a", Qos.AtLeastOnce), ("0b", Qos.AtMostOnce), ("1b", Qos.AtLeastOnce) })
        {
            broker.Publish("a", payload, qos);
        }

        broker.Publish("a", "0c", Qos.AtMostOnce);
        broker.Publish("a", "1c", Qos.AtLeastOnce);
        broker.Publish("a", "1d", Qos.AtLeastOnce);
        broker.Publish("a", "1e", Qos.AtLeastOnce);

        MqttClient again = MqttClient.Open(broker, "s", change: static packet => (packet.CleanStart, packet.SessionExpiryInterval) = (false, 3600));
        Assert.That(
            again.Packets().Where(static packet => packet.StartsWith("PUBLISH", StringComparison.Ordinal)).Select(static packet => packet.Split(' ')[2]),
            Is.EqualTo(new[] { "1a", "1b", "1c", "1d" }));
        Assert.That(broker.Dropped(DropReason.QueueFull), Is.EqualTo(4));
    }

    // The first characters of what arrives.
    private static string Drain(DurableBroker broker)
    {
        MqttClient client = broker.Open("s");
        var arrived = "";
        while (true)
        {
            broker.Store.Commit();
            broker.Store.Read();
            string[] packets = [.. client.Packets().Where(static packet => packet.StartsWith("PUBLISH", StringComparison.Ordinal))];
            if (packets.Length == 0)
            {
                return arrived;
            }

            foreach (string[] words in packets.Select(static packet => packet.Split(' ')))
            {
                arrived += words[2][0];
                client.Acknowledge(PacketType.PubAck, ushort.Parse(words[4][1..], System.Globalization.CultureInfo.InvariantCulture));
            }
        }
    }
}
