using Broker.Observability;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Gateways.Mqtt.Storage;

/// <summary>A full or failing disk: what needs it is refused, everything else goes on.</summary>
internal sealed class FailingDiskTests
{
    [Test]
    public void A_publish_that_needs_the_disk_is_refused_and_reaches_nobody([Values(Qos.AtLeastOnce, Qos.ExactlyOnce)] Qos qos)
    {
        using var broker = new DurableBroker();
        MqttClient subscriber = broker.Subscriber("s", "a", Qos.ExactlyOnce);
        MqttClient publisher = MqttClient.Connect(broker.Broker, "p");
        broker.Store.IsAvailable = false;

        publisher.Publish("a", "1", qos, 9);
        Assert.That(publisher.Packets(), Is.EqualTo(new[] { qos == Qos.AtLeastOnce ? "PUBACK #9 97" : "PUBREC #9 97" }));
        Assert.That(subscriber.Packets(), Is.Empty);
        Assert.That(broker.Broker.Dropped(DropReason.QuotaExceeded), Is.EqualTo(1));

        broker.Store.IsAvailable = true;
        publisher.Publish("a", "2", qos, 9);
        broker.Store.Commit();
        Assert.That(publisher.Packets(), Is.EqualTo(new[] { qos == Qos.AtLeastOnce ? "PUBACK #9 00" : "PUBREC #9 00" }));
        Assert.That(subscriber.Packets(), Has.Length.EqualTo(1));
    }

    [Test]
    public void Before_mqtt_5_the_connection_is_closed()
    {
        using var broker = new DurableBroker();
        broker.Subscriber("s", "a", Qos.AtLeastOnce);
        MqttClient publisher = MqttClient.Connect(broker.Broker, "p", MqttVersion.V311);
        broker.Store.IsAvailable = false;

        publisher.Publish("a", "1", Qos.AtLeastOnce, 9);

        Assert.That(publisher.Packets(), Is.Empty);
        Assert.That(publisher.IsClosed);
    }

    [Test]
    public void What_does_not_need_the_disk_goes_on()
    {
        using var broker = new DurableBroker();
        MqttClient durable = broker.Subscriber("s", "a", Qos.AtLeastOnce);
        MqttClient clean = MqttClient.Connect(broker.Broker, "c").Subscribed("b", Qos.AtLeastOnce);
        MqttClient publisher = MqttClient.Connect(broker.Broker, "p");
        broker.Store.IsAvailable = false;

        publisher.Publish("a", "0");
        publisher.Publish("b", "1", Qos.AtLeastOnce, 1);

        Assert.That(publisher.Packets(), Is.EqualTo(new[] { "PUBACK #1 00" }));
        Assert.That(durable.Packets(), Is.EqualTo(new[] { "PUBLISH a 0" }));
        Assert.That(clean.Packets(), Is.EqualTo(new[] { "PUBLISH b 1 q1 #1" }));
    }

    [Test]
    public void Who_waits_for_the_disk_when_it_fails_is_disconnected_and_can_send_again()
    {
        using var broker = new DurableBroker();
        broker.Subscriber("s", "a", Qos.ExactlyOnce).Disconnect();
        MqttClient publisher = broker.Connect("p");
        broker.Store.Commit();
        publisher.Publish("a", "1", Qos.ExactlyOnce, 9);
        Assert.That(publisher.Packets(), Is.Empty);

        broker.Store.Fail();
        Assert.That(publisher.Packets(), Is.EqualTo(new[] { "DISCONNECT 97" }));

        broker.Store.IsAvailable = true;
        publisher = broker.Connect("p");
        publisher.Publish("a", "1", Qos.ExactlyOnce, 9, dup: true);
        broker.Store.Commit();
        Assert.That(publisher.Packets(), Is.EqualTo(new[] { "PUBREC #9 00" }));
        Assert.That(broker.Store.State().Session("s").Queue, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_durable_session_cannot_subscribe_and_a_clean_one_can()
    {
        using var broker = new DurableBroker();
        MqttClient durable = broker.Connect("s");
        MqttClient clean = MqttClient.Connect(broker.Broker, "c");
        broker.Store.Commit();
        broker.Store.IsAvailable = false;

        durable.Subscribe("a");
        clean.Subscribe("a");

        Assert.That(durable.Packets(), Is.EqualTo(new[] { "SUBACK 97" }));
        Assert.That(clean.Packets(), Is.EqualTo(new[] { "SUBACK 00" }));
    }

    [Test]
    public void A_client_that_comes_back_makes_its_subscriptions_again()
    {
        using var broker = new DurableBroker();
        broker.Subscriber("s", "a", Qos.AtLeastOnce).Disconnect();
        broker.Store.Commit();
        broker.Store.IsAvailable = false;

        MqttClient again = broker.Connect("s");
        again.Subscribe("a", new SubscriptionOptions { Qos = Qos.AtLeastOnce });
        again.Subscribe("a", new SubscriptionOptions { Qos = Qos.ExactlyOnce });

        Assert.That(again.Packets(), Is.EqualTo(new[] { "SUBACK 01", "SUBACK 97" }));
    }

    [Test]
    public void A_publisher_waits_while_the_disk_does_not_keep_up()
    {
        using var broker = new DurableBroker();
        broker.Subscriber("s", "a", Qos.AtLeastOnce).Disconnect();
        MqttClient publisher = MqttClient.Connect(broker.Broker, "p");
        var room = new TaskCompletionSource();
        broker.Store.Room = room.Task;

        publisher.Publish("a", "1", Qos.AtLeastOnce, 1);
        publisher.Packets();
        publisher.Publish("a", "2", Qos.AtLeastOnce, 2);
        broker.Store.Commit();
        Assert.That(publisher.Packets(), Is.EqualTo(new[] { "PUBACK #1 00" }));

        broker.Store.Room = null;
        room.SetResult();
        Assert.That(() => { broker.Store.Commit(); return broker.Store.State().Session("s").Queue.Count; }, Is.EqualTo(2).After(5000, 5));
    }
}
