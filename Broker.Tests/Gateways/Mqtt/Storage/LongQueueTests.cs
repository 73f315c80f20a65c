using Broker.Configuration;
using Broker.Core.Sessions;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Gateways.Mqtt.Storage;

/// <summary>A long queue of a durable session lives in the store, not in memory.</summary>
internal sealed class LongQueueTests
{
    private const int Many = 5000;

    [Test]
    public void All_of_a_long_queue_arrives_in_its_order([Values] bool afterCrash)
    {
        using var broker = new DurableBroker();
        broker.Subscriber("s", "a", Qos.AtLeastOnce).Disconnect();
        Fill(broker);
        Assert.That(broker.Broker.Broker.Sessions.Find("s")!.QueuedCount, Is.EqualTo(Many));
        broker.Store.Commit();
        if (afterCrash)
        {
            broker.Crash();
        }

        Assert.That(Drain(broker), Is.EqualTo(Enumerable.Range(0, Many).Select(static index => $"{index}")));
        Assert.That(broker.Store.State().Session("s").Queue, Is.Empty);
        QueueTotals totals = broker.Broker.Broker.Queues;
        Assert.That((totals.Messages, totals.Bytes, totals.BytesInMemory), Is.EqualTo((0L, 0L, 0L)));
    }

    [Test]
    public void It_is_read_in_pages()
    {
        using var broker = new DurableBroker();
        broker.Subscriber("s", "a", Qos.AtLeastOnce).Disconnect();
        Fill(broker);
        broker.Store.Commit();

        Drain(broker);

        Assert.That(broker.Store.Reads, Has.Count.GreaterThan(5).And.All.LessThanOrEqualTo(512));
    }

    [Test]
    public void A_full_queue_rejects_the_newest_or_drops_the_oldest([Values] QueueFullPolicy policy)
    {
        using var broker = new DurableBroker(options =>
        {
            options.Sessions.MaximumQueuedMessages = 10;
            options.Sessions.QueueFullPolicy = policy;
        });
        broker.Subscriber("s", "a", Qos.AtLeastOnce).Disconnect();
        for (int index = 0; index < 15; index++)
        {
            broker.Broker.Publish("a", $"{index}", Qos.AtLeastOnce);
        }

        broker.Store.Commit();
        broker.Crash();

        int first = policy == QueueFullPolicy.DropOldest ? 5 : 0;
        Assert.That(Drain(broker), Is.EqualTo(Enumerable.Range(first, 10).Select(static index => $"{index}")));
    }

    [Test]
    public void The_oldest_of_a_long_queue_make_room_although_the_newest_are_in_the_store()
    {
        const int Most = 1100;
        using var broker = new DurableBroker(options =>
        {
            options.Sessions.MaximumQueuedMessages = Most;
            options.Sessions.QueueFullPolicy = QueueFullPolicy.DropOldest;
        });
        broker.Subscriber("s", "a", Qos.AtLeastOnce).Disconnect();
        for (int index = 0; index < Many; index++)
        {
            broker.Broker.Publish("a", $"{index}", Qos.AtLeastOnce);
            broker.Store.Commit();
            broker.Store.Read();
        }

        Assert.That(Drain(broker), Is.EqualTo(Enumerable.Range(Many - Most, Most).Select(static index => $"{index}")));
    }

    private static void Fill(DurableBroker broker)
    {
        for (int index = 0; index < Many; index++)
        {
            broker.Broker.Publish("a", $"{index}", Qos.AtLeastOnce);
        }
    }

    // Connects and acknowledges until nothing comes any more.
    private static List<string> Drain(DurableBroker broker)
    {
        MqttClient client = broker.Open("s", change: static packet => packet.ReceiveMaximum = 100);
        var payloads = new List<string>();
        while (true)
        {
            broker.Store.Commit();
            broker.Store.Read();
            string[] packets = [.. client.Packets().Where(static packet => packet.StartsWith("PUBLISH", StringComparison.Ordinal))];
            if (packets.Length == 0)
            {
                return payloads;
            }

            foreach (string packet in packets)
            {
                string[] words = packet.Split(' ');
                payloads.Add(words[2]);
                client.Acknowledge(PacketType.PubAck, ushort.Parse(words[4][1..], System.Globalization.CultureInfo.InvariantCulture));
            }
        }
    }
}
