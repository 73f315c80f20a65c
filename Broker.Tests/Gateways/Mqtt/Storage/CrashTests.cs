using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Gateways.Mqtt.Storage;

/// <summary>What a process that ends at any moment leaves to the next one.</summary>
internal sealed class CrashTests
{
    [Test]
    public void Subscriptions_and_queued_messages_are_there_in_their_order()
    {
        using var broker = new DurableBroker();
        broker.Subscriber("s", "a/+", Qos.AtLeastOnce).Disconnect();
        Publish(broker, "a/1", "first");
        Publish(broker, "a/2", "second");

        broker.Crash();
        MqttClient back = broker.Connect("s");
        broker.Store.Read();

        Assert.That(back.Packets(), Is.EqualTo(new[] { "PUBLISH a/1 first q1 #1 dup", "PUBLISH a/2 second q1 #2 dup" }));
        Publish(broker, "a/3", "third");
        Assert.That(back.Packets(), Has.Length.EqualTo(1).And.All.StartsWith("PUBLISH a/3 third q1"));
    }

    [Test]
    public void What_was_not_on_disk_was_not_acknowledged_and_is_gone()
    {
        using var broker = new DurableBroker();
        broker.Subscriber("s", "a", Qos.AtLeastOnce).Disconnect();
        broker.Store.Commit();
        MqttClient publisher = MqttClient.Connect(broker.Broker, "p");
        publisher.Publish("a", "lost", Qos.AtLeastOnce, 1);

        Assert.That(publisher.Packets(), Is.Empty);
        broker.Crash();
        MqttClient back = broker.Connect("s");
        broker.Store.Read();
        Assert.That(back.Packets(), Is.Empty);
    }

    [Test]
    public void What_the_client_has_acknowledged_does_not_come_again()
    {
        using var broker = new DurableBroker();
        MqttClient subscriber = broker.Subscriber("s", "a", Qos.AtLeastOnce);
        Publish(broker, "a", "1");
        Publish(broker, "a", "2");
        subscriber.Acknowledge(PacketType.PubAck, 1);
        subscriber.Packets();
        broker.Store.Commit();

        broker.Crash();
        MqttClient back = broker.Connect("s");
        broker.Store.Read();
        Assert.That(back.Packets(), Is.EqualTo(new[] { "PUBLISH a 2 q1 #2 dup" }));
    }

    [Test]
    public void A_qos_2_message_that_was_on_its_way_keeps_its_packet_identifier()
    {
        using var broker = new DurableBroker();
        MqttClient subscriber = broker.Subscriber("s", "a", Qos.ExactlyOnce);
        Publish(broker, "a", "1", Qos.ExactlyOnce);
        Publish(broker, "a", "2", Qos.ExactlyOnce);
        Assert.That(subscriber.Packets(), Is.EqualTo(new[] { "PUBLISH a 1 q2 #1", "PUBLISH a 2 q2 #2" }));
        subscriber.Acknowledge(PacketType.PubRec, 1);
        subscriber.Packets();
        broker.Store.Commit();

        broker.Crash();
        MqttClient back = broker.Open("s");
        broker.Store.Read();
        Assert.That(back.Packets(), Is.EqualTo(new[] { "CONNACK 00 present", "PUBREL #1 00", "PUBLISH a 2 q2 #2 dup" }));

        back.Acknowledge(PacketType.PubComp, 1);
        back.Packets();
        Assert.That(broker.Store.State().Session("s").Released, Is.Empty);
    }

    [Test]
    public void Identifiers_of_messages_that_were_not_stored_are_not_used_again()
    {
        using var broker = new DurableBroker(options =>
            options.Storage.Rules.Add(new() { TopicFilter = "fast", Durability = Broker.Configuration.Durability.Memory }));
        MqttClient subscriber = broker.Subscriber("s", "#", Qos.ExactlyOnce);
        Publish(broker, "fast", "1", Qos.ExactlyOnce);
        Assert.That(subscriber.Packets(), Is.EqualTo(new[] { "PUBLISH fast 1 q2 #1" }));
        broker.Store.Commit();

        broker.Crash();
        MqttClient back = broker.Connect("s");
        Publish(broker, "safe", "2", Qos.ExactlyOnce);
        Assert.That(back.Packets(), Has.Length.EqualTo(1).And.None.Contains("#1 "));
    }

    [Test]
    public void A_publisher_that_repeats_a_qos_2_publish_does_not_double_it()
    {
        using var broker = new DurableBroker();
        broker.Subscriber("s", "a", Qos.ExactlyOnce).Disconnect();
        MqttClient publisher = broker.Connect("p");
        publisher.Publish("a", "1", Qos.ExactlyOnce, 5);
        broker.Store.Commit();

        broker.Crash();
        publisher = broker.Connect("p");
        publisher.Publish("a", "1", Qos.ExactlyOnce, 5, dup: true);
        broker.Store.Commit();
        Assert.That(publisher.Packets(), Is.EqualTo(new[] { "PUBREC #5 00" }));
        publisher.Acknowledge(PacketType.PubRel, 5);
        Assert.That(publisher.Packets(), Is.Empty, "PUBCOMP frees the identifier: not before that is on disk.");
        broker.Store.Commit();
        Assert.That(publisher.Packets(), Is.EqualTo(new[] { "PUBCOMP #5 00" }));

        MqttClient back = broker.Connect("s");
        broker.Store.Read();
        Assert.That(back.Packets(), Has.Length.EqualTo(1).And.All.StartsWith("PUBLISH a 1 q2"));
    }

    [Test]
    public void That_a_qos_2_publish_was_received_and_what_it_left_come_together()
    {
        using var broker = new DurableBroker();
        broker.Subscriber("s", "a", Qos.ExactlyOnce).Disconnect();
        MqttClient publisher = broker.Connect("p");
        broker.Store.CommitsAtOnce = true;

        publisher.Publish("a", "1", Qos.ExactlyOnce, 5);
        Assert.That(publisher.Packets(), Is.EqualTo(new[] { "PUBREC #5 00" }));

        // Commit asserts that it does not fall into a group; all that the publish recorded lies in one.
        Assert.That(broker.Store.State().Session("p").Received, Is.EqualTo(new ushort[] { 5 }));
        Assert.That(broker.Store.State().Session("s").Queue, Has.Count.EqualTo(1));
    }

    [Test]
    public void Retained_messages_are_there_and_removed_ones_are_not()
    {
        using var broker = new DurableBroker();
        MqttClient publisher = MqttClient.Connect(broker.Broker, "p");
        publisher.Publish("a", "1", Qos.AtLeastOnce, 1, retain: true);
        publisher.Publish("b", "2", Qos.AtLeastOnce, 2, retain: true);
        publisher.Publish("a", "", Qos.AtLeastOnce, 3, retain: true);
        broker.Store.Commit();

        broker.Crash();
        MqttClient subscriber = MqttClient.Connect(broker.Broker, "s").Subscribed("none");
        subscriber.Subscribe("#");
        Assert.That(subscriber.Packets(), Is.EqualTo(new[] { "SUBACK 00", "PUBLISH b 2 retain" }));
    }

    [Test]
    public void Expiry_goes_on_counting_while_the_broker_is_down()
    {
        using var broker = new DurableBroker();
        broker.Connect("short", expiry: 100).Disconnect();
        broker.Connect("long", expiry: 1000).Disconnect();
        broker.Time.Advance(TimeSpan.FromSeconds(60));
        broker.Store.Commit();

        broker.Crash(TimeSpan.FromSeconds(60));
        broker.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(broker.Broker.Broker.Sessions.Find("short"), Is.Null);
        Assert.That(broker.Broker.Broker.Sessions.Find("long"), Is.Not.Null);
        broker.Time.Advance(TimeSpan.FromSeconds(880));
        Assert.That(broker.Broker.Broker.Sessions.Find("long"), Is.Null);
    }

    [Test]
    public void A_will_is_published_after_its_delay_once_only()
    {
        using var broker = new DurableBroker();
        broker.Subscriber("s", "will", Qos.AtLeastOnce).Disconnect();
        MqttClient dying = broker.Connect("d", change: packet => packet.Will = new WillPacket
        {
            Topic = "will"u8.ToArray(),
            Payload = "gone"u8.ToArray(),
            Qos = Qos.AtLeastOnce,
            DelayInterval = 30,
        });
        dying.Connection.Vanish();
        broker.Store.Commit();

        broker.Crash(TimeSpan.FromSeconds(10));
        broker.Time.Advance(TimeSpan.FromSeconds(15));
        Assert.That(broker.Store.State().Session("s").Queue, Is.Empty);
        broker.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.That(broker.Store.State().Session("s").Queue, Has.Count.EqualTo(1));

        broker.Store.Commit();
        broker.Crash(TimeSpan.FromSeconds(10));
        broker.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.That(broker.Store.State().Session("s").Queue, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_session_that_has_ended_stays_ended()
    {
        using var broker = new DurableBroker();
        broker.Subscriber("s", "a", Qos.AtLeastOnce).Disconnect(expiry: 0);
        broker.Store.Commit();

        broker.Crash();
        Assert.That(broker.Broker.Broker.Sessions.Count, Is.Zero);
    }

    private static void Publish(DurableBroker broker, string topic, string payload, Qos qos = Qos.AtLeastOnce)
    {
        broker.Broker.Publish(topic, payload, qos);
        broker.Store.Commit();
    }
}
