using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Conformance;

/// <summary>Retained messages: stored, replaced, removed, sent to new subscriptions.</summary>
internal sealed class RetainTests : ConformanceFixture
{
    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.3.1-5", "MQTT-3.3.1-6", "MQTT-3.3.1-7", "MQTT-3.3.1-8", "MQTT-3.8.4-6")]
    [Statement("5.0", "MQTT-3.3.1-5", "MQTT-3.8.4-8")]
    public void The_last_one_of_each_matching_topic_is_sent_with_RETAIN_and_its_QoS(MqttVersion version)
    {
        MqttClient publisher = Connect(version);
        publisher.Publish("a/1", "old", Qos.AtLeastOnce, packetId: 1, retain: true);
        publisher.Publish("a/1", "new", Qos.ExactlyOnce, packetId: 2, retain: true);
        publisher.Publish("a/2", "zero", retain: true);
        publisher.Publish("b", "other", retain: true);

        MqttClient later = Connect(version, "later");
        later.Subscribe("a/+", new SubscriptionOptions(Qos.ExactlyOnce));

        Assert.That(later.Packets(), Is.EquivalentTo(new[] { "SUBACK 02", "PUBLISH a/1 new q2 #1 retain", "PUBLISH a/2 zero retain" }));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.3.1-7")]
    [Statement("5.0", "MQTT-3.3.1-5")]
    public void QoS_0_replaces_what_was_retained(MqttVersion version)
    {
        MqttClient publisher = Connect(version);
        publisher.Publish("a", "old", Qos.AtLeastOnce, packetId: 1, retain: true);
        publisher.Publish("a", "new", retain: true);

        Assert.That(RetainedOf(version, "a"), Is.EqualTo(new[] { "PUBLISH a new retain" }));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.3.1-9")]
    [Statement("5.0", "MQTT-3.3.1-12")]
    public void An_established_subscription_gets_it_without_RETAIN(MqttVersion version)
    {
        MqttClient watcher = Watcher(version, "a", Qos.AtLeastOnce);

        Connect(version).Publish("a", "x", Qos.AtLeastOnce, packetId: 1, retain: true);

        Assert.That(watcher.Packets(), Is.EqualTo(new[] { "PUBLISH a x q1 #1" }));
    }

    [TestCase(false, "")]
    [TestCase(true, " retain")]
    [Statement("5.0", "MQTT-3.3.1-13")]
    public void Retain_As_Published_keeps_the_flag(bool retain, string flag)
    {
        MqttClient watcher = Connect(V5, "watcher");
        watcher.Subscribe("a", new SubscriptionOptions(Qos.AtMostOnce, RetainAsPublished: true));
        watcher.Packets();

        Connect(V5).Publish("a", "x", retain: retain);

        Assert.That(watcher.Packets(), Is.EqualTo(new[] { $"PUBLISH a x{flag}" }));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.3.1-10", "MQTT-3.3.1-11")]
    [Statement("5.0", "MQTT-3.3.1-6", "MQTT-3.3.1-7")]
    public void An_empty_one_removes_it_and_is_itself_not_kept(MqttVersion version)
    {
        MqttClient publisher = Connect(version);
        MqttClient watcher = Watcher(version, "+");
        publisher.Publish("a", "x", retain: true);
        publisher.Publish("a", "", retain: true);
        publisher.Publish("never", "", retain: true);

        Assert.That(watcher.Packets(), Is.EqualTo(new[] { "PUBLISH a x", "PUBLISH a ", "PUBLISH never " }));
        Assert.That((RetainedOf(version, "#"), Server.Broker.Retained.Count), Is.EqualTo((Array.Empty<string>(), 0)));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.3.1-12")]
    [Statement("5.0", "MQTT-3.3.1-8")]
    public void Without_RETAIN_nothing_retained_changes(MqttVersion version)
    {
        MqttClient publisher = Connect(version);
        publisher.Publish("a", "kept", retain: true);
        publisher.Publish("a", "passing");
        publisher.Publish("a", "");
        publisher.Publish("b", "passing");

        Assert.That(RetainedOf(version, "#"), Is.EqualTo(new[] { "PUBLISH a kept retain" }));
    }

    [TestCase(V311, 0, 2)]
    [TestCase(V5, 0, 2)]
    [TestCase(V5, 1, 1)]
    [TestCase(V5, 2, 0)]
    [Statement("3.1.1", "MQTT-3.3.1-6", "MQTT-3.8.4-3")]
    [Statement("5.0", "MQTT-3.3.1-9", "MQTT-3.3.1-10", "MQTT-3.3.1-11", "MQTT-3.8.4-4")]
    public void Retain_Handling_decides_whether_it_is_sent(MqttVersion version, int handling, int copies)
    {
        Server.Publish("a", "x", retain: true);
        MqttClient client = Connect(version);
        var options = new SubscriptionOptions(Qos.AtMostOnce, RetainHandling: (RetainHandling)handling);

        client.Subscribe("a", options);
        client.Subscribe("a", options);

        Assert.That(client.Packets().Count(static packet => packet == "PUBLISH a x retain"), Is.EqualTo(copies));
    }

    [Test]
    [Statement("5.0", "MQTT-3.3.1-9", "MQTT-3.3.1-10")]
    public void A_shared_subscription_gets_none()
    {
        Server.Publish("a", "x", retain: true);
        MqttClient client = Connect(V5);

        client.Subscribe("$share/g/a");

        Assert.That(client.Packets(), Is.EqualTo(new[] { "SUBACK 00" }));
    }

    private string[] RetainedOf(MqttVersion version, string filter)
    {
        MqttClient later = Connect(version, "later");
        later.Subscribe(filter);
        return later.Packets()[1..];
    }
}
