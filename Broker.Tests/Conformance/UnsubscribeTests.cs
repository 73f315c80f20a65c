using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Conformance;

/// <summary>UNSUBSCRIBE and UNSUBACK.</summary>
internal sealed class UnsubscribeTests : ConformanceFixture
{
    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.10.3-1")]
    [Statement("5.0", "MQTT-3.10.3-1")]
    public void Filters_are_UTF8(MqttVersion version)
    {
        MqttClient client = Connect(version);

        client.Send(0xA2, $"0001 {NoProperties(version)} 'a' 0002C328");

        AssertClosed(client, version, "81");
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.10.3-2")]
    [Statement("5.0", "MQTT-3.10.3-2")]
    public void Without_a_filter_it_is_an_error(MqttVersion version)
    {
        MqttClient client = Connect(version);

        client.Send(0xA2, $"0001 {NoProperties(version)}");

        AssertClosed(client, version, "82");
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.10.4-1", "MQTT-3.10.4-2")]
    [Statement("5.0", "MQTT-3.10.4-1", "MQTT-3.10.4-2")]
    public void Only_the_very_same_filter_is_removed(MqttVersion version)
    {
        MqttClient client = Connect(version).Subscribed("a/b").Subscribed("A/+").Subscribed("c/#");

        client.Unsubscribe("a/+");
        client.Unsubscribe("#");
        client.Unsubscribe("c/#");
        client.Packets();
        foreach (string topic in new[] { "a/b", "A/x", "c/x" })
        {
            Server.Publish(topic, "x");
        }

        Assert.That(client.Packets(), Is.EqualTo(new[] { "PUBLISH a/b x", "PUBLISH A/x x" }));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.10.4-3")]
    [Statement("5.0", "MQTT-3.10.4-3")]
    public void Deliveries_already_begun_are_finished(MqttVersion version)
    {
        MqttClient client = Persistent(version).Subscribed("a", Qos.ExactlyOnce);
        Server.Publish("a", "1", Qos.AtLeastOnce);
        Server.Publish("a", "2", Qos.ExactlyOnce);
        client.Packets();
        client.Unsubscribe("a");
        client.Acknowledge(PacketType.PubRec, 2);
        string[] finishing = client.Packets();
        client.Connection.Vanish();

        Assert.That(finishing, Has.Length.EqualTo(2).And.Some.EqualTo("PUBREL #2 00"));
        Assert.That(Resume(version).Packets(), Is.EqualTo(new[] { "CONNACK 00 present", "PUBLISH a 1 q1 #1 dup", "PUBREL #2 00" }));
    }

    [TestCase(V311, "B002BEEF")]
    [TestCase(V5, "B006BEEF00110011")]
    [Statement("3.1.1", "MQTT-3.10.4-4", "MQTT-3.10.4-5", "MQTT-3.10.4-6", "MQTT-2.3.1-7")]
    [Statement("5.0", "MQTT-3.10.4-4", "MQTT-3.10.4-5", "MQTT-3.10.4-6", "MQTT-3.11.3-1", "MQTT-3.11.3-2", "MQTT-2.2.1-6")]
    public void One_UNSUBACK_answers_every_filter_in_its_order(MqttVersion version, string answer)
    {
        MqttClient client = Connect(version).Subscribed("b");

        client.Send(0xA2, $"BEEF {NoProperties(version)} 'a' 'b' 'c'");
        Server.Publish("b", "x");

        Assert.That(client.Hex(), Is.EqualTo(new[] { answer }));
    }
}
