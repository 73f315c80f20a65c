using Broker.Observability;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Gateways.Mqtt;

/// <summary>A publisher and a receiver that is slower: who waits for whom, and for how long.</summary>
internal sealed class CongestionTests
{
    private TestBroker _broker = null!;
    private MqttClient _watcher = null!;
    private MqttClient _publisher = null!;
    private int _acknowledged;

    [SetUp]
    public void Open()
    {
        // One delivery in flight, eight in the queue, so that the queue counts as long with more than four.
        _broker = new TestBroker(options =>
        {
            options.Mqtt.MaximumInflight = 1;
            options.Sessions.MaximumQueuedMessages = 8;
        });
        _watcher = MqttClient.Connect(_broker, "watcher").Subscribed("a", Qos.AtLeastOnce);
        _publisher = MqttClient.Connect(_broker, "publisher");
        _acknowledged = 0;
    }

    [TearDown]
    public void Close() => _broker.Dispose();

    [Test]
    public void A_publisher_waits_for_a_receiver_that_makes_progress_and_nothing_is_lost()
    {
        Publish(20);
        Assert.That(Acknowledged(), Is.EqualTo(6), "one in flight and five in the queue");

        for (ushort packetId = 1; packetId <= 20; packetId++)
        {
            _watcher.Acknowledge(PacketType.PubAck, packetId);
            var due = Math.Min(20, packetId + 3);
            Assert.That(SpinWait.SpinUntil(() => Acknowledged() >= due || packetId < 3, TimeSpan.FromSeconds(10)), $"after {packetId} acknowledgements");
        }

        Assert.That((Acknowledged(), _broker.Dropped(DropReason.QueueFull)), Is.EqualTo((20, 0L)));
    }

    [Test]
    public void A_receiver_that_has_stopped_holds_nobody_up()
    {
        Publish(20);

        _broker.Time.Advance(TimeSpan.FromMilliseconds(400));

        Assert.That(SpinWait.SpinUntil(() => Acknowledged() == 20, TimeSpan.FromSeconds(10)), "all are acknowledged");
        Assert.That(_broker.Dropped(DropReason.QueueFull), Is.EqualTo(20 - 1 - 8));
    }

    [Test]
    public void A_receiver_that_goes_away_sets_its_publishers_free()
    {
        Publish(20);

        _watcher.Disconnect();

        Assert.That(SpinWait.SpinUntil(() => Acknowledged() == 20, TimeSpan.FromSeconds(10)), "all are acknowledged");
    }

    [Test]
    public void A_publisher_that_has_something_to_acknowledge_does_not_wait()
    {
        _publisher.Subscribed("b", Qos.AtLeastOnce);
        MqttClient.Connect(_broker, "other").Publish("b", "x", Qos.AtLeastOnce, packetId: 1);

        Publish(9);

        Assert.That(Acknowledged(), Is.EqualTo(9));
    }

    private void Publish(int count)
    {
        for (ushort packetId = 1; packetId <= count; packetId++)
        {
            _publisher.Publish("a", "x", Qos.AtLeastOnce, packetId);
        }
    }

    private int Acknowledged() => _acknowledged += _publisher.Packets().Count(static packet => packet.StartsWith("PUBACK", StringComparison.Ordinal));
}
