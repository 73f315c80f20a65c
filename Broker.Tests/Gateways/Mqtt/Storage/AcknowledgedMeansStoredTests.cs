using Broker.Configuration;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Gateways.Mqtt.Storage;

/// <summary>Nothing is acknowledged before it is on disk.</summary>
internal sealed class AcknowledgedMeansStoredTests
{
    [Test]
    public void A_publish_is_acknowledged_once_what_it_left_is_on_disk([Values] bool exactlyOnce)
    {
        using var broker = new DurableBroker();
        broker.Subscriber("s", "a", Qos.ExactlyOnce).Disconnect();
        MqttClient publisher = MqttClient.Connect(broker.Broker, "p");

        publisher.Publish("a", "1", exactlyOnce ? Qos.ExactlyOnce : Qos.AtLeastOnce, 7);

        Assert.That(publisher.Packets(), Is.Empty);
        broker.Store.Commit();
        Assert.That(publisher.Packets(), Is.EqualTo(new[] { exactlyOnce ? "PUBREC #7 00" : "PUBACK #7 00" }));
    }

    [Test]
    public void Acknowledgements_keep_their_order_also_behind_one_that_waits()
    {
        using var broker = new DurableBroker();
        broker.Subscriber("s", "a", Qos.AtLeastOnce).Disconnect();
        MqttClient publisher = MqttClient.Connect(broker.Broker, "p");

        publisher.Publish("a", "1", Qos.AtLeastOnce, 1);
        long first = broker.Store.Recorded;
        publisher.Publish("nobody", "2", Qos.AtLeastOnce, 2);
        publisher.Publish("a", "3", Qos.AtLeastOnce, 3);

        Assert.That(publisher.Packets(), Is.Empty);
        broker.Store.Commit(first);
        Assert.That(publisher.Packets(), Is.EqualTo(new[] { "PUBACK #1 00", "PUBACK #2 10" }));
        broker.Store.Commit();
        Assert.That(publisher.Packets(), Is.EqualTo(new[] { "PUBACK #3 00" }));
    }

    [Test]
    public void Nothing_waits_where_nothing_is_stored()
    {
        using var broker = new DurableBroker();
        MqttClient subscriber = MqttClient.Connect(broker.Broker, "s").Subscribed("#", Qos.ExactlyOnce);
        MqttClient publisher = MqttClient.Connect(broker.Broker, "p");

        publisher.Publish("a", "0");
        publisher.Publish("a", "1", Qos.AtLeastOnce, 1);
        publisher.Publish("a", "2", Qos.ExactlyOnce, 2);

        Assert.That(publisher.Packets(), Is.EqualTo(new[] { "PUBACK #1 00", "PUBREC #2 00" }));
        Assert.That(subscriber.Packets(), Has.Length.EqualTo(3));
        Assert.That(broker.Store.Recorded, Is.Zero);
    }

    [Test]
    public void A_qos_0_publish_for_a_durable_session_is_not_stored()
    {
        using var broker = new DurableBroker();
        MqttClient subscriber = broker.Subscriber("s", "a", Qos.ExactlyOnce);
        long recorded = broker.Store.Recorded;

        MqttClient.Connect(broker.Broker, "p").Publish("a", "0");

        Assert.That(subscriber.Packets(), Is.EqualTo(new[] { "PUBLISH a 0" }));
        Assert.That(broker.Store.Recorded, Is.EqualTo(recorded));
    }

    [Test]
    public void Subscriptions_of_a_durable_session_are_acknowledged_once_they_are_on_disk()
    {
        using var broker = new DurableBroker();
        MqttClient client = broker.Connect("s");
        broker.Store.Commit();

        client.Subscribe("a");
        Assert.That(client.Packets(), Is.Empty);
        broker.Store.Commit();
        Assert.That(client.Packets(), Is.EqualTo(new[] { "SUBACK 00" }));

        client.Unsubscribe("a");
        Assert.That(client.Packets(), Is.Empty);
        broker.Store.Commit();
        Assert.That(client.Packets(), Is.EqualTo(new[] { "UNSUBACK 00" }));
    }

    [Test]
    public void A_receiver_has_a_qos_2_message_only_once_it_is_on_disk()
    {
        using var broker = new DurableBroker();
        MqttClient subscriber = broker.Subscriber("s", "a", Qos.ExactlyOnce);
        MqttClient publisher = MqttClient.Connect(broker.Broker, "p");

        publisher.Publish("a", "1", Qos.ExactlyOnce, 1);
        Assert.That(subscriber.Packets(), Is.Empty);
        broker.Store.Commit();
        Assert.That(subscriber.Packets(), Is.EqualTo(new[] { "PUBLISH a 1 q2 #1" }));

        subscriber.Acknowledge(PacketType.PubRec, 1);
        Assert.That(subscriber.Packets(), Is.Empty, "PUBREL goes once a crash cannot undo it.");
        broker.Store.Commit();
        Assert.That(subscriber.Packets(), Is.EqualTo(new[] { "PUBREL #1 00" }));
    }

    [Test]
    public void A_receiver_gets_a_qos_1_message_at_once()
    {
        using var broker = new DurableBroker();
        MqttClient subscriber = broker.Subscriber("s", "a", Qos.AtLeastOnce);
        MqttClient publisher = MqttClient.Connect(broker.Broker, "p");

        publisher.Publish("a", "1", Qos.AtLeastOnce, 1);

        Assert.That(subscriber.Packets(), Is.EqualTo(new[] { "PUBLISH a 1 q1 #1" }));
        Assert.That(publisher.Packets(), Is.Empty);
    }

    [Test]
    public void A_retained_message_is_acknowledged_once_it_is_on_disk()
    {
        using var broker = new DurableBroker();
        MqttClient publisher = MqttClient.Connect(broker.Broker, "p");

        publisher.Publish("a", "1", Qos.AtLeastOnce, 1, retain: true);
        Assert.That(publisher.Packets(), Is.Empty);
        broker.Store.Commit();
        Assert.That(publisher.Packets(), Is.EqualTo(new[] { "PUBACK #1 10" }));
    }

    [Test]
    public void A_rule_decides_what_waits([Values] Durability durability)
    {
        using var broker = new DurableBroker(options =>
            options.Storage.Rules.Add(new DurabilityRuleOptions { TopicFilter = "fast/#", Durability = durability }));
        broker.Subscriber("s", "#", Qos.AtLeastOnce).Disconnect();
        broker.Store.Commit();
        MqttClient publisher = MqttClient.Connect(broker.Broker, "p");

        publisher.Publish("fast/1", "1", Qos.AtLeastOnce, 1);

        Assert.That(publisher.Packets(), durability == Durability.Sync ? Is.Empty : Is.EqualTo(new[] { "PUBACK #1 00" }));
        Assert.That(broker.Store.State().Session("s").Queue, Has.Count.EqualTo(durability == Durability.Memory ? 0 : 1));
    }

    [Test]
    public void The_figures_of_the_broker_itself_are_not_stored()
    {
        using var broker = new DurableBroker();
        broker.Broker.Publish("$SYS/broker/uptime", "1 seconds", retain: true);

        Assert.That(broker.Store.Recorded, Is.Zero);
        Assert.That(broker.Broker.Broker.Retained.Count, Is.EqualTo(1));
    }
}
