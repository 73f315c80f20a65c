using Broker.Core.Ports;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Conformance;

/// <summary>PINGREQ, DISCONNECT, and how connections end.</summary>
internal sealed class DisconnectTests : ConformanceFixture
{
    [TestCase(V31)]
    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.12.4-1", "MQTT-6.0.0-2")]
    [Statement("5.0", "MQTT-3.12.4-1", "MQTT-6.0.0-2")]
    public void Every_PINGREQ_is_answered(MqttVersion version)
    {
        MqttClient client = Connect(version);

        client.Connection.Send([.. MqttWriter.PingReq, .. MqttWriter.PingReq, .. MqttWriter.PingReq]);

        Assert.That(client.Hex(), Is.EqualTo(new[] { "D000", "D000", "D000" }));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.14.4-2")]
    [Statement("5.0", "MQTT-3.14.4-1", "MQTT-3.14.4-2")]
    public void After_DISCONNECT_nothing_is_read_and_the_connection_is_closed(MqttVersion version)
    {
        MqttClient watcher = Watcher(version, "#");
        MqttClient client = Connect(version);

        client.Connection.Send([.. PacketText.Bytes("E0 00"), .. PacketText.Packet(0x30, $"'a' {NoProperties(version)} ~x"), .. MqttWriter.PingReq]);

        Assert.That((client.Packets(), client.IsClosed, watcher.Packets()), Is.EqualTo((Array.Empty<string>(), true, Array.Empty<string>())));
    }

    [Test]
    [Statement("5.0", "MQTT-3.14.4-1", "MQTT-3.14.4-2", "MQTT-3.14.2-2", "MQTT-4.13.2-1")]
    public void After_its_own_DISCONNECT_the_broker_sends_nothing_and_closes()
    {
        MqttClient client = Persistent(V5).Subscribed("a", Qos.AtLeastOnce);

        client.Connection.Send([.. PacketText.Packet(0x36, "'a' 0001 00 ~x"), .. MqttWriter.PingReq]);
        Server.Publish("a", "x", Qos.AtLeastOnce);
        byte[] bytes = client.Connection.Received();
        MqttFrame.TryRead(bytes, int.MaxValue, out MqttFrame frame, out _);

        DisconnectPacket packet = DisconnectPacket.Read(frame, V5, PacketSender.Server);
        Assert.That((packet.ReasonCode, packet.SessionExpiryInterval), Is.EqualTo((ReasonCode.MalformedPacket, (uint?)null)));
        Assert.That((frame.Length, client.IsClosed), Is.EqualTo((bytes.Length, true)));
    }

    [TestCase(CloseReason.ServerShuttingDown, "8b")]
    [TestCase(CloseReason.AdministrativeAction, "98")]
    [TestCase(CloseReason.QuotaExceeded, "97")]
    [Statement("5.0", "MQTT-3.14.2-1")]
    public void The_broker_says_why_it_ends_a_connection(CloseReason reason, string code)
    {
        MqttClient old = Connect(V311, "old");
        MqttClient client = Connect(V5);

        Server.Broker.CloseAll(reason);

        AssertClosed(old, V311, code);
        AssertClosed(client, V5, code);
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("5.0", "MQTT-3.14.4-1", "MQTT-3.14.4-2")]
    public void A_connection_ends_once_whoever_ends_it_too(MqttVersion version)
    {
        MqttClient leaving = Connect(version, "leaving");
        MqttClient faulty = Connect(version, "faulty");

        leaving.Disconnect();
        leaving.Connection.Vanish();
        faulty.Send(0x36, $"'a' 0001 {NoProperties(version)} ~x");

        CloseReason[] reasons = [.. Enum.GetValues<CloseReason>().Where(reason => Server.Closed(reason) > 0)];
        Assert.That(reasons, Is.EquivalentTo(new[] { CloseReason.ClientDisconnected, CloseReason.MalformedPacket }));
        Assert.That(reasons.Select(Server.Closed), Is.All.EqualTo(1));
        AssertClosed(faulty, version, "81");
    }

    [TestCase("01")]
    [TestCase("18")]
    [TestCase("92")]
    [TestCase("85")]
    [Statement("5.0", "MQTT-3.14.2-1")]
    public void A_code_of_another_table_is_an_error(string code)
    {
        MqttClient client = Connect(V5);

        client.Send(0xE0, code);

        AssertClosed(client, V5, "82");
    }

    [Test]
    [Statement("5.0", "MQTT-3.14.2-3", "MQTT-3.14.2-4")]
    public void A_reason_that_does_not_fit_is_left_out()
    {
        MqttClient roomy = Connect(V5, "roomy");
        MqttClient narrow = Connect(V5, "narrow", static packet => packet.MaximumPacketSize = 20);

        foreach (MqttClient client in new[] { roomy, narrow })
        {
            client.Send(0x36, "'a' 0001 00 ~x");
        }

        string[] said = roomy.Hex();
        Assert.That((said.Length, said[0].Length > 40, said[0][4..6]), Is.EqualTo((1, true, "81")));
        Assert.That(narrow.Hex(), Has.Length.EqualTo(1).And.All.Length.LessThanOrEqualTo(40));
    }

    [Test]
    [Statement("5.0", "MQTT-3.1.2-24")]
    public void A_goodbye_that_does_not_fit_is_not_said()
    {
        Server.Authenticator.Answer = static _ => ValueTask.FromResult(AuthenticationResult.BadCredentials);

        MqttClient client = MqttClient.Open(Server, "c1", change: static packet => packet.MaximumPacketSize = 4);

        Assert.That((client.Hex(), client.IsClosed), Is.EqualTo((Array.Empty<string>(), true)));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-4.8.0-2")]
    [Statement("5.0", "MQTT-4.13.2-1")]
    public void A_failure_inside_the_broker_closes_that_connection_only(MqttVersion version)
    {
        MqttClient other = Connect(version, "other");
        MqttClient client = Connect(version);
        Server.Authorizer.Rule = static (_, _, topic) => topic == "a" ? throw new InvalidOperationException("out of order") : true;

        client.Publish("a", "x", Qos.AtLeastOnce, packetId: 1);
        other.Ping();

        Assert.That((client.IsClosed, Server.Closed(CloseReason.ConnectionError)), Is.EqualTo((true, 1L)));
        Assert.That(client.Packets(), Has.None.StartsWith("PUBACK"));
        Assert.That((other.Packets(), other.IsClosed), Is.EqualTo((new[] { "PINGRESP" }, false)));
    }

    [TestCase("11 0000000A", "00")]
    [TestCase("1F 'bye' 26 'a' 'b'", "04")]
    public void DISCONNECT_of_a_client_may_have_properties(string properties, string code)
    {
        MqttClient client = Connect(V5, change: static packet => packet.SessionExpiryInterval = 5);

        client.Send(0xE0, $"{code} ( {properties} )");

        Assert.That((client.Packets(), client.IsClosed), Is.EqualTo((Array.Empty<string>(), true)));
    }
}
