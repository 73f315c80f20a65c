using Broker.Core.Ports;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Conformance;

/// <summary>CONNACK: first, once, and as the limits really are.</summary>
internal sealed class ConnAckTests : ConformanceFixture
{
    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.2.0-1")]
    [Statement("5.0", "MQTT-3.2.0-1", "MQTT-3.2.0-2", "MQTT-3.1.2-30")]
    public void Nothing_comes_before_it_and_it_comes_once(MqttVersion version)
    {
        Persistent(version).Subscribed("a", Qos.AtLeastOnce).Connection.Vanish();
        Server.Publish("a", "queued", Qos.AtLeastOnce);
        var decision = new TaskCompletionSource<AuthenticationResult>();
        Server.Authenticator.Answer = _ => new ValueTask<AuthenticationResult>(decision.Task);
        MqttClient client = Resume(version);
        client.Ping();
        string[] before = client.Packets();

        decision.SetResult(AuthenticationResult.Accepted);

        Assert.That(before, Is.Empty);
        Assert.That(client.Packets(), Is.EqualTo(new[] { "CONNACK 00 present", "PUBLISH a queued q1 #1", "PINGRESP" }));
    }

    [TestCase(V31, "20020000", "20020000")]
    [TestCase(V311, "20020000", "20020100")]
    [TestCase(V5, "2008000005270011", "2008010005270011")]
    [Statement("5.0", "MQTT-3.2.2-1", "MQTT-2.2.2-1")]
    public void Only_bit_0_of_its_flags_is_ever_set(MqttVersion version, string fresh, string present)
    {
        Server.Options.Mqtt.TopicAliasMaximum = 0;
        Server.Options.Mqtt.ReceiveMaximum = ushort.MaxValue;
        MqttClient first = Resume(version);
        string[] packets = [.. first.Hex(), .. Resume(version).Hex()];

        Assert.That(packets.Select(static packet => packet[..Math.Min(16, packet.Length)]), Is.EqualTo(new[] { fresh, present }));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.2.2-4")]
    [Statement("5.0", "MQTT-3.2.2-6")]
    public void A_refusal_never_says_session_present(MqttVersion version)
    {
        Persistent(version).Connection.Vanish();
        Server.Authenticator.Answer = static _ => ValueTask.FromResult(AuthenticationResult.BadCredentials);

        Assert.That(Resume(version).Hex(), Has.Length.EqualTo(1).And.All.Match(version == V5 ? "^20..0086" : "^20020005$"));
    }

    [Test]
    [Statement("3.1.1", "MQTT-3.2.2-6")]
    public void Without_a_fitting_return_code_3_1_1_is_closed_without_one()
    {
        Server.Options.Mqtt.MaximumQos = 0;
        MqttClient client = MqttClient.Open(Server, "c1", V311, change: WithWill(qos: Qos.AtLeastOnce));

        Assert.That((client.Hex(), client.IsClosed), Is.EqualTo((Array.Empty<string>(), true)));
    }

    [Test]
    [Statement("5.0", "MQTT-3.2.2-9", "MQTT-3.2.2-14", "MQTT-3.2.2-15", "MQTT-3.2.2-17")]
    public void The_limits_are_announced_as_they_are_configured()
    {
        var options = Server.Options.Mqtt;
        options.ReceiveMaximum = 7;
        options.MaximumQos = 0;
        options.RetainAvailable = false;
        options.MaximumPacketSizeBytes = 5000;
        options.TopicAliasMaximum = 3;
        options.WildcardSubscriptionAvailable = false;
        options.SubscriptionIdentifierAvailable = false;
        options.SharedSubscriptionAvailable = false;

        ConnAckPacket answer = MqttClient.Open(Server, "c1").ConnAck();

        Assert.That((answer.ReceiveMaximum, answer.MaximumQos, answer.RetainAvailable), Is.EqualTo(((ushort)7, Qos.AtMostOnce, false)));
        Assert.That((answer.MaximumPacketSize, answer.TopicAliasMaximum), Is.EqualTo((5000u, (ushort)3)));
        Assert.That(
            (answer.WildcardSubscriptionAvailable, answer.SubscriptionIdentifierAvailable, answer.SharedSubscriptionAvailable),
            Is.EqualTo((false, false, false)));
        Assert.That((answer.AssignedClientIdentifier, answer.ServerKeepAlive, answer.AuthenticationMethod), Is.EqualTo(((string?)null, (ushort?)null, (string?)null)));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("5.0", "MQTT-3.2.2-15")]
    public void A_packet_above_the_maximum_size_is_refused_from_its_header(MqttVersion version)
    {
        MqttClient client = Connect(version);

        client.Connection.Send(PacketText.Bytes("30 FFFFFF7F"));

        AssertClosed(client, version, "95");
    }

    [Test]
    [Statement("5.0", "MQTT-3.2.2-19", "MQTT-3.2.2-20")]
    public void What_does_not_fit_is_left_out()
    {
        Server.Authenticator.Answer = static _ => ValueTask.FromResult(new AuthenticationResult(AuthenticationOutcome.BadCredentials, new string('r', 50)));

        string[] small = MqttClient.Open(Server, "c1", V5, change: static packet => packet.MaximumPacketSize = 40).Hex();
        ConnAckPacket large = MqttClient.Open(Server, "c1").ConnAck();

        Assert.That(small, Is.EqualTo(new[] { "2003008600" }));
        Assert.That(large.ReasonString, Has.Length.EqualTo(50));
    }
}
