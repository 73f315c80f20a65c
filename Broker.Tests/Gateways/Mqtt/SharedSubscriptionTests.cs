using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Gateways.Mqtt;

/// <summary>Shared subscriptions, MQTT 5.0 section 4.8.2.</summary>
internal sealed class SharedSubscriptionTests
{
    private TestBroker _broker = null!;

    [SetUp]
    public void Open() => _broker = new TestBroker();

    [TearDown]
    public void Close() => _broker.Dispose();

    [Test]
    public void Each_group_gets_one_copy_and_members_take_turns()
    {
        MqttClient[] members = [Member("a"), Member("b"), Member("c")];
        MqttClient other = MqttClient.Connect(_broker, "other").Subscribed("$share/other/#", Qos.AtLeastOnce);
        MqttClient own = MqttClient.Connect(_broker, "own").Subscribed("t/+", Qos.AtLeastOnce);

        for (int i = 0; i < 6; i++)
        {
            _broker.Publish("t/1", "x", Qos.AtLeastOnce);
        }

        Assert.That(members.Select(static member => member.Packets().Length), Is.EqualTo(new[] { 2, 2, 2 }));
        Assert.That((other.Packets().Length, own.Packets().Length), Is.EqualTo((6, 6)));
    }

    [Test]
    public void The_granted_QoS_is_respected_MQTT_4_8_2_3()
    {
        MqttClient member = Member("a", Qos.AtMostOnce);

        _broker.Publish("t/1", "x", Qos.ExactlyOnce);

        Assert.That(member.Packets(), Is.EqualTo(new[] { "PUBLISH t/1 x" }));
    }

    [Test]
    public void Retained_messages_are_not_sent()
    {
        _broker.Publish("t/1", "x", retain: true);

        MqttClient member = MqttClient.Connect(_broker, "a");
        member.Subscribe("$share/g/t/+");

        Assert.That(member.Packets(), Is.EqualTo(new[] { "SUBACK 00" }));
    }

    [Test]
    public void A_connected_member_is_preferred_to_one_that_is_away()
    {
        Member("away", expiry: 60).Connection.Vanish();
        MqttClient here = Member("here");

        _broker.Publish("t/1", "1", Qos.AtLeastOnce);
        _broker.Publish("t/1", "2", Qos.AtLeastOnce);

        Assert.That(here.Packets(), Has.Length.EqualTo(2));
    }

    [Test]
    public void With_nobody_connected_a_kept_session_queues()
    {
        Member("away", expiry: 60).Connection.Vanish();

        _broker.Publish("t/1", "1", Qos.AtLeastOnce);

        Assert.That(Resume("away").Packets(), Is.EqualTo(new[] { "CONNACK 00 present", "PUBLISH t/1 1 q1 #1" }));
    }

    [Test]
    public void An_unacknowledged_QoS_1_message_goes_to_another_member_when_the_session_ends()
    {
        MqttClient first = Member("first");
        _broker.Publish("t/1", "1", Qos.AtLeastOnce);
        MqttClient second = Member("second");

        first.Connection.Vanish();

        Assert.That(second.Packets(), Is.EqualTo(new[] { "PUBLISH t/1 1 q1 #1" }));
    }

    [Test]
    public void Messages_that_wait_in_the_queue_go_to_another_member_in_their_order()
    {
        MqttClient first = Member("first", receiveMaximum: 1);
        for (int i = 1; i <= 3; i++)
        {
            _broker.Publish("t/1", $"{i}", Qos.ExactlyOnce);
        }

        MqttClient second = Member("second");
        first.Disconnect();

        // The first is under way at QoS 2, so it is nobody else's.
        Assert.That(second.Packets(), Is.EqualTo(new[] { "PUBLISH t/1 2 q2 #1", "PUBLISH t/1 3 q2 #2" }));
    }

    [Test]
    public void A_QoS_2_delivery_is_completed_with_its_client_MQTT_4_8_2_4()
    {
        MqttClient first = Member("first", expiry: 60);
        _broker.Publish("t/1", "1", Qos.ExactlyOnce);
        first.Connection.Vanish();
        MqttClient second = Member("second");

        Assert.That(Resume("first").Packets(), Is.EqualTo(new[] { "CONNACK 00 present", "PUBLISH t/1 1 q2 #1 dup" }));
        Assert.That(second.Packets(), Is.Empty);
    }

    [Test]
    public void A_QoS_2_delivery_that_has_begun_goes_to_nobody_else_MQTT_4_8_2_5()
    {
        MqttClient first = Member("first", expiry: 10);
        _broker.Publish("t/1", "1", Qos.ExactlyOnce);
        first.Connection.Vanish();
        MqttClient second = Member("second");

        _broker.Time.Advance(TimeSpan.FromSeconds(11));

        Assert.That((_broker.Broker.Sessions.Find("first"), second.Packets().Length), Is.EqualTo(((object?)null, 0)));
    }

    [TestCase(Qos.AtLeastOnce, PacketType.PubAck)]
    [TestCase(Qos.ExactlyOnce, PacketType.PubRec)]
    public void A_refused_message_is_discarded_MQTT_4_8_2_6(object qos, object answer)
    {
        MqttClient first = Member("first");
        _broker.Publish("t/1", "1", (Qos)qos);
        MqttClient second = Member("second");

        first.Acknowledge((PacketType)answer, 1, ReasonCode.UnspecifiedError);
        first.Disconnect();

        Assert.That(second.Packets(), Is.Empty);
    }

    [Test]
    public void A_session_that_expires_leaves_its_messages_to_the_others_unless_they_expire()
    {
        Member("away", expiry: 10).Connection.Vanish();
        MqttClient publisher = MqttClient.Connect(_broker, "publisher");
        publisher.Publish("t/1", "short", Qos.AtLeastOnce, packetId: 1, expiry: 5);
        publisher.Publish("t/1", "long", Qos.AtLeastOnce, packetId: 2, expiry: 50);
        MqttClient second = Member("second");

        _broker.Time.Advance(TimeSpan.FromSeconds(11));

        Assert.That(second.Packets(), Has.Length.EqualTo(1).And.All.StartsWith("PUBLISH t/1 long q1 #1 expiry="));
    }

    private MqttClient Member(string clientId, Qos qos = Qos.ExactlyOnce, uint expiry = 0, ushort receiveMaximum = 100) =>
        MqttClient.Connect(_broker, clientId, change: packet =>
        {
            packet.SessionExpiryInterval = expiry;
            packet.ReceiveMaximum = receiveMaximum;
        }).Subscribed("$share/g/t/+", qos);

    private MqttClient Resume(string clientId) =>
        MqttClient.Open(_broker, clientId, clean: false, change: static packet => packet.SessionExpiryInterval = 60);
}
