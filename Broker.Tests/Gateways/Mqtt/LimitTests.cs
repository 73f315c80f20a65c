using System.Text;
using Broker.Core.Ports;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Gateways.Mqtt;

/// <summary>Limits of both sides, what CONNACK announces, and refusals with their reasons.</summary>
internal sealed class LimitTests
{
    private static readonly byte[] Utf8Payload = [0x01, 0x01];

    private TestBroker _broker = null!;

    [SetUp]
    public void Open() => _broker = new TestBroker();

    [TearDown]
    public void Close() => _broker.Dispose();

    [Test]
    public void CONNACK_announces_what_is_configured()
    {
        _broker.Options.Sessions.MaximumExpiryIntervalSeconds = 77;
        _broker.Options.Mqtt.ReceiveMaximum = 5;
        _broker.Options.Mqtt.MaximumQos = 1;
        _broker.Options.Mqtt.RetainAvailable = false;
        _broker.Options.Mqtt.MaximumPacketSizeBytes = 2000;
        _broker.Options.Mqtt.TopicAliasMaximum = 9;
        _broker.Options.Mqtt.WildcardSubscriptionAvailable = false;
        _broker.Options.Mqtt.SubscriptionIdentifierAvailable = false;
        _broker.Options.Mqtt.SharedSubscriptionAvailable = false;
        _broker.Options.Mqtt.MaximumKeepAliveSeconds = 30;

        ConnAckPacket packet = MqttClient.Open(_broker, "c1", change: static connect => connect.SessionExpiryInterval = 100).ConnAck();

        Assert.That(
            (packet.SessionExpiryInterval, packet.ReceiveMaximum, packet.MaximumQos, packet.RetainAvailable, packet.MaximumPacketSize),
            Is.EqualTo(((uint?)77, (ushort?)5, (Qos?)Qos.AtLeastOnce, (bool?)false, (uint?)2000)));
        Assert.That(
            (packet.TopicAliasMaximum, packet.WildcardSubscriptionAvailable, packet.SubscriptionIdentifierAvailable),
            Is.EqualTo(((ushort?)9, (bool?)false, (bool?)false)));
        Assert.That((packet.SharedSubscriptionAvailable, packet.ServerKeepAlive), Is.EqualTo(((bool?)false, (ushort?)30)));
    }

    [TestCase(true, "responses/%c/x", "responses/c1/x")]
    [TestCase(false, "responses/%c/x", null, TestName = "Response_Information_only_on_request_MQTT_3_1_2_28")]
    [TestCase(true, null, null)]
    public void Response_Information(bool requested, string? configured, string? announced)
    {
        _broker.Options.Mqtt.ResponseInformation = configured;

        ConnAckPacket packet = MqttClient.Open(_broker, "c1", change: connect => connect.RequestResponseInformation = requested).ConnAck();

        Assert.That(packet.ResponseInformation, Is.EqualTo(announced));
    }

    [TestCase(AuthenticationOutcome.ServerBusy, 5, "89")]
    [TestCase(AuthenticationOutcome.UseAnotherServer, 5, "9c")]
    [TestCase(AuthenticationOutcome.ServerMoved, 5, "9d")]
    [TestCase(AuthenticationOutcome.ServerMoved, 4, "03")]
    public void An_authenticator_can_send_clients_elsewhere(AuthenticationOutcome outcome, int version, string code)
    {
        _broker.Authenticator.Answer = _ => ValueTask.FromResult(new AuthenticationResult(outcome) { ServerReference = "other:1883" });

        ConnAckPacket packet = MqttClient.Open(_broker, "c1", (MqttVersion)version).ConnAck();

        int actual = version == 5 ? (int)packet.ReasonCode : (int)packet.ReturnCode;
        Assert.That(($"{actual:x2}", packet.ServerReference), Is.EqualTo((code, version == 5 ? "other:1883" : null)));
    }

    [TestCase(Qos.AtLeastOnce, "PUBACK #1 99", false)]
    [TestCase(Qos.ExactlyOnce, "PUBREC #1 99", false)]
    [TestCase(Qos.AtMostOnce, "DISCONNECT 99", true)]
    public void A_payload_that_is_not_the_UTF_8_it_claims_to_be_is_refused(object qos, string answer, bool closes)
    {
        _broker.Options.Mqtt.CheckPayloadFormat = true;
        MqttClient client = MqttClient.Connect(_broker, "c1");

        client.Connection.Send(PublishOfOneBadByte((Qos)qos));

        Assert.That((client.Packets(), client.IsClosed), Is.EqualTo((new[] { answer }, closes)));
    }

    [Test]
    public void Payloads_are_not_looked_into_unless_configured()
    {
        MqttClient client = MqttClient.Connect(_broker, "c1");

        client.Connection.Send(PublishOfOneBadByte(Qos.AtLeastOnce));

        Assert.That(client.Packets(), Is.EqualTo(new[] { "PUBACK #1 10" }));
    }

    [TestCase(true, "CONNACK 99")]
    [TestCase(false, "CONNACK 00")]
    public void A_Will_is_checked_too(bool check, string answer)
    {
        _broker.Options.Mqtt.CheckPayloadFormat = check;

        MqttClient client = MqttClient.Open(_broker, "c1", change: static packet =>
            packet.Will = new WillPacket { Topic = "w"u8.ToArray(), Payload = [0xFF], Properties = Utf8Payload });

        Assert.That(client.Packets(), Is.EqualTo(new[] { answer }));
    }

    [Test]
    public void A_Will_below_SYS_is_refused()
    {
        MqttClient client = MqttClient.Open(_broker, "c1", change: static packet => packet.Will = new WillPacket { Topic = "$SYS/w"u8.ToArray() });

        Assert.That(client.Packets(), Is.EqualTo(new[] { "CONNACK 87" }));
    }

    [TestCase(true, 1000u, true)]
    [TestCase(true, 40u, false, TestName = "Reason_String_only_if_it_fits_MQTT_3_4_2_2")]
    [TestCase(false, 1000u, false, TestName = "Reason_String_only_if_wanted_MQTT_3_1_2_29")]
    public void Refusals_say_why(bool wanted, uint maximumPacketSize, bool told)
    {
        _broker.Authorizer.Rule = static (_, _, _) => false;
        MqttClient client = MqttClient.Connect(_broker, "c1", change: packet =>
        {
            packet.RequestProblemInformation = wanted;
            packet.MaximumPacketSize = maximumPacketSize;
        });

        client.Publish("a", "x", Qos.AtLeastOnce, packetId: 1);
        string acknowledgement = Encoding.UTF8.GetString(client.Connection.Received());
        client.Subscribe("a");
        string subAck = Encoding.UTF8.GetString(client.Connection.Received());

        const string Reason = "the access rules do not allow it";
        Assert.That((acknowledgement.Contains(Reason), subAck.Contains(Reason)), Is.EqualTo((told, told)));
        Assert.That((acknowledgement[0], subAck[0]), Is.EqualTo(('\x40', '\uFFFD')));
    }

    [Test]
    public void An_answer_above_the_clients_maximum_is_not_sent_MQTT_3_1_2_24()
    {
        MqttClient client = MqttClient.Connect(_broker, "c1", change: static packet => packet.MaximumPacketSize = 30);
        byte[] filters = [.. Enumerable.Repeat(new byte[] { 0, 1, (byte)'a', 0 }, 26).SelectMany(static each => each)];

        client.Connection.Send([0x82, (byte)(filters.Length + 3), 0, 1, 0, .. filters]);

        Assert.That((client.Packets(), client.IsClosed), Is.EqualTo((new[] { "DISCONNECT 95" }, true)));
    }

    [Test]
    public void A_client_that_does_not_even_take_CONNACK_gets_nothing_MQTT_3_1_2_24()
    {
        MqttClient client = MqttClient.Open(_broker, "c1", change: static packet => packet.MaximumPacketSize = 5);

        Assert.That((client.Packets(), client.IsClosed, _broker.Broker.Sessions.Count), Is.EqualTo((Array.Empty<string>(), true, 0)));
    }

    [Test]
    public void More_QoS_2_publishes_than_the_Receive_Maximum_close_MQTT_3_3_4_8()
    {
        _broker.Options.Mqtt.ReceiveMaximum = 2;
        MqttClient client = MqttClient.Connect(_broker, "c1", clean: false, change: static packet => packet.SessionExpiryInterval = 60);

        PublishQos2(client, 1, 2, 3);

        Assert.That((client.Packets(), client.IsClosed), Is.EqualTo((new[] { "PUBREC #1 10", "PUBREC #2 10", "DISCONNECT 93" }, true)));

        // The third was not taken, and a new connection has its whole quota (section 4.9).
        MqttClient again = MqttClient.Open(_broker, "c1", clean: false, change: static packet => packet.SessionExpiryInterval = 60);
        MqttClient watcher = MqttClient.Connect(_broker, "watcher").Subscribed("a");
        PublishQos2(again, 3, 4);
        Assert.That(again.Packets(), Is.EqualTo(new[] { "CONNACK 00 present", "PUBREC #3 00", "PUBREC #4 00" }));
        Assert.That(watcher.Packets(), Has.Length.EqualTo(2));
    }

    [Test]
    public void An_error_of_the_broker_closes_only_the_connection_and_tells_nothing_of_itself()
    {
        _broker.Authorizer.Rule = static (_, _, _) => throw new InvalidOperationException("inside");
        MqttClient other = MqttClient.Connect(_broker, "other");
        MqttClient client = MqttClient.Connect(_broker, "c1");

        client.Subscribe("a");

        string received = Encoding.Latin1.GetString(client.Connection.Received());
        Assert.That((received, client.IsClosed, other.IsClosed), Is.EqualTo(("\u00E0\u0001\u0080", true, false)));
    }

    [TestCase(MqttVersion.V5, "CONNACK 95")]
    [TestCase(MqttVersion.V311, "")]
    public void A_CONNECT_above_its_own_limit_is_refused(object version, string answer)
    {
        MqttClient client = MqttClient.Open(_broker, new string('c', 9000), (MqttVersion)version);

        Assert.That((string.Join(", ", client.Packets()), client.IsClosed), Is.EqualTo((answer, true)));
    }

    [Test]
    public void PUBREL_gives_the_quota_back()
    {
        _broker.Options.Mqtt.ReceiveMaximum = 1;
        MqttClient client = MqttClient.Connect(_broker, "c1");
        PublishQos2(client, 1);
        client.Acknowledge(PacketType.PubRel, 1);
        PublishQos2(client, 1);

        Assert.That((client.Packets(), client.IsClosed), Is.EqualTo((new[] { "PUBREC #1 10", "PUBCOMP #1 00", "PUBREC #1 10" }, false)));
    }

    [Test]
    public void The_clients_Receive_Maximum_holds_MQTT_3_3_4_9()
    {
        MqttClient client = MqttClient.Connect(_broker, "c1", change: static packet => packet.ReceiveMaximum = 2).Subscribed("a", Qos.ExactlyOnce);
        for (int i = 0; i < 4; i++)
        {
            _broker.Publish("a", $"{i}", Qos.ExactlyOnce);
        }

        _broker.Publish("a", "0", Qos.AtMostOnce); // has no quota
        Assert.That(client.Packets(), Has.Length.EqualTo(3));
        client.Acknowledge(PacketType.PubRec, 1);
        Assert.That(client.Packets(), Is.EqualTo(new[] { "PUBREL #1 00" }));
        client.Acknowledge(PacketType.PubComp, 1);
        Assert.That(client.Packets(), Is.EqualTo(new[] { "PUBLISH a 2 q2 #3" }));
    }

    [Test]
    public void An_identifier_in_use_is_refused_MQTT_2_2_1_3()
    {
        MqttClient client = MqttClient.Connect(_broker, "c1");
        PublishQos2(client, 1);
        client.Publish("a", "x", Qos.AtLeastOnce, packetId: 1);
        client.Subscribe("a", packetId: 1);
        client.Unsubscribe("a");
        client.Acknowledge(PacketType.PubRel, 1);
        client.Subscribe("a", packetId: 1);

        Assert.That(client.Packets(), Is.EqualTo(new[] { "PUBREC #1 10", "PUBACK #1 91", "SUBACK 91", "UNSUBACK 91", "PUBCOMP #1 00", "SUBACK 00" }));
    }

    private static void PublishQos2(MqttClient client, params ushort[] packetIds)
    {
        foreach (ushort packetId in packetIds)
        {
            client.Publish("a", "x", Qos.ExactlyOnce, packetId);
        }
    }

    private static byte[] PublishOfOneBadByte(Qos qos)
    {
        byte[] packet = new byte[MqttWriter.PublishSize(MqttVersion.V5, 1, Utf8Payload.Length, 1, qos)];
        MqttWriter.WritePublish(packet, MqttVersion.V5, "a"u8, [0xFF], Utf8Payload, qos, false, false, 1, null, 0, default, out _);
        return packet;
    }
}
