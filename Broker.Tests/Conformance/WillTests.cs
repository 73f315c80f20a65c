using System.Text;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Conformance;

/// <summary>The Will: kept, published, dropped.</summary>
internal sealed class WillTests : ConformanceFixture
{
    private static readonly string[] Published = ["PUBLISH will gone"];

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.1.2-8", "MQTT-3.1.2-9")]
    [Statement("5.0", "MQTT-3.1.2-7", "MQTT-3.1.2-8", "MQTT-3.1.2-9")]
    public void Published_after_the_connection_is_lost_and_not_before(MqttVersion version)
    {
        MqttClient watcher = Watcher(version, "will");
        MqttClient client = Connect(version, change: WithWill());
        string[] before = watcher.Packets();

        client.Connection.Vanish();

        Assert.That((before, watcher.Packets()), Is.EqualTo((Array.Empty<string>(), Published)));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.1.2-10", "MQTT-3.14.4-3")]
    [Statement("5.0", "MQTT-3.1.2-8", "MQTT-3.1.2-10", "MQTT-3.14.4-3")]
    public void Deleted_by_DISCONNECT(MqttVersion version)
    {
        MqttClient watcher = Watcher(version, "will");
        MqttClient client = Persistent(version, change: WithWill());

        client.Disconnect();
        Persistent(version).Connection.Vanish();

        Assert.That(watcher.Packets(), Is.Empty);
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.1.2-10")]
    [Statement("5.0", "MQTT-3.1.2-10")]
    public void Published_once_only(MqttVersion version)
    {
        Server.Options.Sessions.MaximumExpiryIntervalSeconds = 3600;
        MqttClient watcher = Connect(version, "watcher", static packet => packet.KeepAlive = 0).Subscribed("will");
        Persistent(version, change: WithWill()).Connection.Vanish();
        string[] first = watcher.Packets();

        Server.Time.Advance(TimeSpan.FromHours(2));

        Assert.That((first, watcher.Packets(), Server.Broker.Sessions.Count), Is.EqualTo((Published, Array.Empty<string>(), 1)));
    }

    [Test]
    [Statement("5.0", "MQTT-3.1.2-10")]
    public void Published_once_only_when_it_was_delayed()
    {
        MqttClient watcher = Connect(V5, "watcher", static packet => packet.KeepAlive = 0).Subscribed("will");
        Persistent(V5, change: Delayed(10)).Connection.Vanish();

        Server.Time.Advance(TimeSpan.FromHours(2));

        Assert.That((watcher.Packets(), Server.Broker.Sessions.Count), Is.EqualTo((Published, 1)));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.1.2-8")]
    [Statement("5.0", "MQTT-3.1.2-8")]
    public void Published_when_a_clean_start_ends_the_session(MqttVersion version)
    {
        MqttClient watcher = Watcher(version, "will");
        MqttClient client = Persistent(version, change: version == V5 ? Delayed(100) : WithWill());
        if (version == V5)
        {
            client.Connection.Vanish();
        }

        string[] before = watcher.Packets();
        Connect(version);

        Assert.That((before, watcher.Packets()), Is.EqualTo((Array.Empty<string>(), Published)));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.1.2-8", "MQTT-3.1.4-2")]
    [Statement("5.0", "MQTT-3.1.2-8", "MQTT-3.1.4-3")]
    public void Published_when_another_connection_takes_the_session_over(MqttVersion version)
    {
        MqttClient watcher = Watcher(version, "will");
        Persistent(version, change: WithWill());

        Persistent(version);

        Assert.That(watcher.Packets(), Is.EqualTo(Published));
    }

    [Test]
    [Statement("5.0", "MQTT-3.1.2-8")]
    public void Published_after_DISCONNECT_with_its_own_code()
    {
        MqttClient watcher = Watcher(V5, "will");

        Connect(V5, change: WithWill()).Disconnect(ReasonCode.DisconnectWithWillMessage);

        Assert.That(watcher.Packets(), Is.EqualTo(Published));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.1.2-12")]
    public void None_without_the_Will_Flag(MqttVersion version)
    {
        MqttClient watcher = Watcher(version, "#");

        Connect(version).Connection.Vanish();

        Assert.That(watcher.Packets(), Is.Empty);
    }

    [TestCase(V311, false)]
    [TestCase(V311, true)]
    [TestCase(V5, false)]
    [TestCase(V5, true)]
    [Statement("3.1.1", "MQTT-3.1.2-16", "MQTT-3.1.2-17")]
    [Statement("5.0", "MQTT-3.1.2-14", "MQTT-3.1.2-15")]
    public void Retained_as_its_flag_says(MqttVersion version, bool retain)
    {
        Connect(version, change: WithWill(retain: retain)).Connection.Vanish();

        MqttClient later = Connect(version, "later");
        later.Subscribe("will");

        Assert.That(later.Packets(), Is.EqualTo(retain ? ["SUBACK 00", "PUBLISH will gone retain"] : new[] { "SUBACK 00" }));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.1.2-9")]
    [Statement("5.0", "MQTT-3.1.2-9")]
    public void Has_the_QoS_of_its_flags(MqttVersion version)
    {
        MqttClient watcher = Watcher(version, "will", Qos.ExactlyOnce);

        Connect(version, change: WithWill(qos: Qos.ExactlyOnce)).Connection.Vanish();

        Assert.That(watcher.Packets(), Is.EqualTo(new[] { "PUBLISH will gone q2 #1" }));
    }

    [Test]
    [Statement("5.0", "MQTT-3.1.3-9", "MQTT-3.1.2-8")]
    public void Not_sent_when_the_session_is_back_before_the_delay()
    {
        MqttClient watcher = Watcher(V5, "will");
        Persistent(V5, change: Delayed(10)).Connection.Vanish();
        Server.Time.Advance(TimeSpan.FromSeconds(9));
        Persistent(V5);

        Server.Time.Advance(TimeSpan.FromSeconds(30));

        Assert.That(watcher.Packets(), Is.Empty);
    }

    [Test]
    [Statement("5.0", "MQTT-3.1.3-9")]
    public void Not_sent_when_another_connection_takes_over_before_the_delay()
    {
        MqttClient watcher = Watcher(V5, "will");
        Persistent(V5, change: Delayed(10));
        Persistent(V5);

        Server.Time.Advance(TimeSpan.FromSeconds(30));

        Assert.That(watcher.Packets(), Is.Empty);
    }

    [TestCase(10u, 3600u, 10)]
    [TestCase(3600u, 10u, 10)]
    [TestCase(10u, 0u, 0)]
    [Statement("5.0", "MQTT-3.1.2-8")]
    public void Sent_when_the_delay_or_the_session_ends(uint delay, uint expiry, int after)
    {
        MqttClient watcher = Watcher(V5, "will");
        Persistent(V5, change: packet =>
        {
            Delayed(delay)(packet);
            packet.SessionExpiryInterval = expiry;
        }).Connection.Vanish();
        Server.Time.Advance(TimeSpan.FromSeconds(after - 0.2 > 0 ? after - 0.2 : 0));
        string[] early = watcher.Packets();
        Server.Time.Advance(TimeSpan.FromSeconds(0.4));

        Assert.That((string[])[.. early, .. watcher.Packets()], Is.EqualTo(Published));
        Assert.That(early, after == 0 ? Is.Not.Empty : Is.Empty);
    }

    [Test]
    [Statement("5.0", "MQTT-3.1.3-10", "MQTT-3.1.2-7")]
    public void Keeps_its_properties_in_their_order()
    {
        MqttClient watcher = Watcher(V5, "will");
        string properties = "( 26 'b' '1' 01 01 26 'a' '2' 03 't' 08 'r' 09 'd' )";

        Open(V5).Send(0x10, Head(V5, "06") + $"'c1' {properties} 'will' 'gone'").Connection.Vanish();
        PublishProperties received = watcher.Properties();

        Assert.That(received.UserProperties, Is.EqualTo(new[] { new UserProperty("b", "1"), new UserProperty("a", "2") }));
        Assert.That(
            (received.PayloadFormatIndicator, received.ContentType, received.ResponseTopic, received.CorrelationData),
            Is.EqualTo(((byte)1, "t", "r", "d"u8.ToArray())));
    }

    [Test]
    [Statement("5.0", "MQTT-3.2.2-12", "MQTT-3.2.2-9", "MQTT-3.2.2-10", "MQTT-3.2.2-11")]
    public void A_limited_QoS_is_announced_and_enforced_but_not_on_SUBSCRIBE()
    {
        Server.Options.Mqtt.MaximumQos = 1;
        MqttClient refused = MqttClient.Open(Server, "c2", V5, change: WithWill(qos: Qos.ExactlyOnce));
        MqttClient client = MqttClient.Open(Server, "c1", V5, change: WithWill(qos: Qos.AtLeastOnce));

        Assert.That((refused.Packets(), refused.IsClosed), Is.EqualTo((new[] { "CONNACK 9b" }, true)));
        Assert.That(client.ConnAck().MaximumQos, Is.EqualTo(Qos.AtLeastOnce));
        client.Subscribe("a", new SubscriptionOptions(Qos.ExactlyOnce));
        Assert.That(client.Packets(), Is.EqualTo(new[] { "SUBACK 01" }));
        client.Publish("a", "x", Qos.ExactlyOnce, packetId: 1);
        AssertClosed(client, V5, "9b");
    }

    [Test]
    [Statement("5.0", "MQTT-3.2.2-13", "MQTT-3.2.2-14")]
    public void Retained_messages_that_are_not_available_are_refused()
    {
        Server.Options.Mqtt.RetainAvailable = false;
        MqttClient refused = MqttClient.Open(Server, "c2", V5, change: WithWill(retain: true));
        MqttClient client = MqttClient.Open(Server, "c1");

        Assert.That((refused.Packets(), refused.IsClosed), Is.EqualTo((new[] { "CONNACK 9a" }, true)));
        Assert.That(client.ConnAck().RetainAvailable, Is.False);
        client.Publish("a", "x", retain: true);
        AssertClosed(client, V5, "9a");
    }

    private static Action<ConnectPacket> Delayed(uint seconds) => packet =>
        packet.Will = new WillPacket { Topic = Encoding.UTF8.GetBytes("will"), Payload = "gone"u8.ToArray(), DelayInterval = seconds };
}
