using System.Text;
using Broker.Configuration;
using Broker.Core.Sessions;
using Broker.Core.Topics;
using Broker.Primitives;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Core.Routing;

/// <summary>The rules of the hot path that can be counted instead of timed: allocations, sends, lookups.</summary>
[NonParallelizable]
internal sealed class HotPathTests
{
    private const int PacketsPerBatch = 10;

    [Test]
    public void A_qos_0_message_from_mqtt_to_mqtt_allocates_nothing([Values(1, 50)] int subscribers)
    {
        using var broker = new TestBroker();
        DirectConnection[] receivers = [.. Enumerable.Range(0, subscribers).Select(index => Subscriber(broker, $"s{index}", "a/+"))];
        DirectConnection publisher = DirectConnection.Mqtt(broker, "p");
        byte[] batch = DirectConnection.Publishes("a/b", PacketsPerBatch);

        Assert.That(Allocations.Of(() => publisher.Receive(batch)), Is.Zero);
        Assert.That(receivers[^1].SentBytes, Is.GreaterThan(batch.Length));
    }

    [Test]
    public void A_qos_0_message_from_a_device_to_mqtt_allocates_nothing()
    {
        using var broker = new TestBroker();
        DirectConnection receiver = Subscriber(broker, "s", "tcp/+/up");
        DirectConnection device = DirectConnection.Device(broker, "d");
        byte[] frames = [.. Enumerable.Repeat<byte[]>([0x30, 0, 64, .. new byte[64]], PacketsPerBatch).SelectMany(static frame => frame)];

        Assert.That(Allocations.Of(() => device.Receive(frames)), Is.Zero);
        Assert.That(receiver.SentBytes, Is.GreaterThan(frames.Length));
    }

    [Test]
    public void A_qos_0_message_to_a_device_allocates_nothing()
    {
        using var broker = new TestBroker();
        DirectConnection device = DirectConnection.Device(broker, "d");
        DirectConnection publisher = DirectConnection.Mqtt(broker, "p");
        byte[] batch = DirectConnection.Publishes("tcp/d/dn", PacketsPerBatch);

        Assert.That(Allocations.Of(() => publisher.Receive(batch)), Is.Zero);
        Assert.That(device.SentBytes, Is.GreaterThan(10 * 64));
    }

    [Test]
    public void A_thousand_packets_of_one_batch_leave_in_one_send()
    {
        using var broker = new TestBroker();
        DirectConnection receiver = Subscriber(broker, "s", "a/b");
        DirectConnection publisher = DirectConnection.Mqtt(broker, "p");
        byte[] batch = DirectConnection.Publishes("a/b", 1000);
        (int sends, long bytes) = (receiver.Sends, receiver.SentBytes);

        publisher.Receive(batch);

        Assert.That((receiver.Sends - sends, receiver.SentBytes - bytes), Is.EqualTo((1, batch.Length)));
    }

    [Test]
    public void A_thousand_queued_packets_leave_in_a_handful_of_sends()
    {
        using var broker = new TestBroker();
        DirectConnection away = DirectConnection.Mqtt(broker, "s", clean: false);
        away.Subscribe("a/b", Qos.AtLeastOnce);
        away.Vanish();
        byte[] batch = DirectConnection.Publishes("a/b", 1000, Qos.AtLeastOnce);
        DirectConnection.Mqtt(broker, "p").Receive(batch);

        DirectConnection back = DirectConnection.Mqtt(broker, "s", clean: false);

        Assert.That(back.SentBytes, Is.GreaterThanOrEqualTo(batch.Length));
        Assert.That(back.Sends, Is.InRange(1, 5));
    }

    [Test]
    public void A_lookup_does_not_grow_with_subscriptions_that_do_not_match()
    {
        using var broker = new TestBroker();
        var session = new Session(broker.Broker, new AttachRequest { Identity = ClientIdentity.Internal });
        SubscriptionTree few = TreeWith(session, foreign: 100);
        SubscriptionTree many = TreeWith(session, foreign: 100_000);

        Assert.That(LookupAllocation(many), Is.EqualTo(LookupAllocation(few)));
    }

    private static SubscriptionTree TreeWith(Session session, int foreign)
    {
        var tree = new SubscriptionTree();
        Add("home/kitchen/temperature");
        Add("home/+/temperature");
        Add("home/#");
        for (int index = 0; index < foreign; index++)
        {
            Add((index % 3) switch
            {
                0 => $"fleet/{index}/up",
                1 => $"fleet/{index}/+/state",
                _ => $"fleet/{index}/#",
            });
        }

        return tree;

        void Add(string filter) => tree.Add(new Subscription(session, TopicFilter.Parse(filter), default, 0), null);
    }

    private static long LookupAllocation(SubscriptionTree tree)
    {
        byte[] topic = Encoding.UTF8.GetBytes("home/kitchen/temperature");
        RouteBuilder builder = RouteBuilder.ForThread();
        tree.Match(topic, builder);
        Assert.That(builder.Build(topic, tree.Version, Durability.Sync).Targets.Length, Is.EqualTo(1));
        return Allocations.Of(() =>
        {
            RouteBuilder again = RouteBuilder.ForThread();
            tree.Match(topic, again);
            again.Build(topic, tree.Version, Durability.Sync);
        });
    }

    private static DirectConnection Subscriber(TestBroker broker, string clientId, string filter)
    {
        DirectConnection client = DirectConnection.Mqtt(broker, clientId);
        client.Subscribe(filter);
        return client;
    }
}
