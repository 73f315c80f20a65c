using System.Text;
using Broker.Core.Ports;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Conformance;

/// <summary>AUTH and enhanced authentication.</summary>
internal sealed class AuthTests : ConformanceFixture
{
    [Test]
    [Statement("5.0", "MQTT-4.12.0-1")]
    public void An_unknown_method_is_refused()
    {
        MqttClient client = MqttClient.Open(Server, "c1", change: static packet => packet.AuthenticationMethod = "OTHER");

        Assert.That((client.Packets(), client.IsClosed), Is.EqualTo((new[] { "CONNACK 8c" }, true)));
    }

    [Test]
    [Statement("5.0", "MQTT-4.12.0-2", "MQTT-4.12.0-3", "MQTT-4.12.0-5", "MQTT-3.15.2-1", "MQTT-3.2.0-1")]
    public void Every_AUTH_and_the_CONNACK_repeat_the_method()
    {
        Exchange.Continue("1");
        Exchange.Continue("2");
        Exchange.Finish(AuthenticationResult.Accepted, "end");
        MqttClient client = Begin();
        string[] first = client.Packets();
        client.Authenticate(ReasonCode.ContinueAuthentication, "TEST", "a");
        string[] second = client.Packets();
        client.Authenticate(ReasonCode.ContinueAuthentication, "TEST", "b");
        ConnAckPacket answer = client.ConnAck();

        Assert.That((string[])[.. first, .. second], Is.EqualTo(new[] { "AUTH 18 TEST 1", "AUTH 18 TEST 2" }));
        Assert.That(
            (answer.ReasonCode, answer.AuthenticationMethod, Encoding.UTF8.GetString(answer.AuthenticationData!)),
            Is.EqualTo((ReasonCode.Success, "TEST", "end")));
        Assert.That(Exchange.Received, Is.EqualTo(new[] { "begin c1", "first", "a", "b" }));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    [Statement("5.0", "MQTT-4.12.0-4")]
    public void Who_is_rejected_at_any_step_is_closed(int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            Exchange.Continue("go on");
        }

        Exchange.Finish(AuthenticationResult.BadCredentials);
        MqttClient client = Begin();
        for (int step = 0; step < steps; step++)
        {
            client.Authenticate(ReasonCode.ContinueAuthentication, "TEST", "x");
        }

        Assert.That((client.Packets()[^1], client.IsClosed, Server.Broker.Sessions.Count), Is.EqualTo(("CONNACK 86", true, 0)));
    }

    [Test]
    [Statement("5.0", "MQTT-4.12.0-6")]
    public void Without_a_method_there_is_no_AUTH_and_no_method_in_CONNACK() =>
        Assert.That(MqttClient.Open(Server, "c1").ConnAck().AuthenticationMethod, Is.Null);

    [TestCase(ReasonCode.ReAuthenticate)]
    [TestCase(ReasonCode.ContinueAuthentication)]
    [TestCase(ReasonCode.Success)]
    [Statement("5.0", "MQTT-4.12.0-7")]
    public void AUTH_of_a_client_without_a_method_is_an_error(object code)
    {
        MqttClient client = Connect(V5);

        client.Authenticate((ReasonCode)code, "TEST", "x");

        AssertClosed(client, V5, "82");
    }

    [TestCase("F1", "18 ( 15 'TEST' )", "CONNACK 81", "flags")]
    [TestCase("F0", "17 ( 15 'TEST' )", "CONNACK 82", "unknown code")]
    [TestCase("F0", "00 ( 15 'TEST' )", "CONNACK 82", "Success from a client")]
    [TestCase("F0", "19 ( 15 'TEST' )", "CONNACK 82", "re-authentication before CONNACK")]
    [TestCase("F0", "18 ( 15 'OTHR' )", "CONNACK 8c", "another method")]
    [TestCase("F0", "18 ( 16 'x' )", "CONNACK 82", "no method")]
    [TestCase("F0", "18 ( 15 'TEST' 15 'TEST' )", "CONNACK 82", "method twice")]
    [TestCase("F0", "18 ( 15 'TEST' 11 00000001 )", "CONNACK 81", "a property of another packet")]
    [TestCase("C0", "", "CONNACK 82", "PINGREQ")]
    [TestCase("30", "'a' 00 ~x", "CONNACK 82", "PUBLISH")]
    [TestCase("82", "0001 00 'a' 00", "CONNACK 82", "SUBSCRIBE")]
    [Statement("5.0", "MQTT-3.15.1-1", "MQTT-3.15.2-1", "MQTT-4.12.0-3", "MQTT-4.12.0-5", "MQTT-3.1.2-30")]
    public void Anything_else_before_CONNACK_is_an_error(string first, string body, string answer, string what)
    {
        Exchange.Continue("go on");
        MqttClient client = Begin();
        client.Packets();

        client.Send(Convert.FromHexString(first)[0], body);

        Assert.That((client.Packets(), client.IsClosed), Is.EqualTo((new[] { answer }, true)), what);
    }

    [Test]
    [Statement("5.0", "MQTT-4.12.1-1", "MQTT-3.15.2-1")]
    public void A_client_authenticates_again_with_its_method()
    {
        MqttClient client = Authenticated();
        Exchange.Continue("1");
        Exchange.Finish(AuthenticationResult.Accepted);

        client.Authenticate(ReasonCode.ReAuthenticate, "TEST", "x");
        client.Authenticate(ReasonCode.ContinueAuthentication, "TEST", "y");

        Assert.That(client.Packets().Select(static packet => packet.Trim()), Is.EqualTo(new[] { "AUTH 18 TEST 1", "AUTH 00 TEST" }));
    }

    [Test]
    [Statement("5.0", "MQTT-4.12.1-1")]
    public void Another_method_closes_the_connection()
    {
        MqttClient client = Authenticated();

        client.Authenticate(ReasonCode.ReAuthenticate, "OTHER", "x");

        AssertClosed(client, V5, "82");
    }

    [Test]
    [Statement("5.0", "MQTT-4.12.1-2")]
    public void Who_fails_to_authenticate_again_is_closed()
    {
        MqttClient client = Authenticated();
        Exchange.Finish(AuthenticationResult.BadCredentials);

        client.Authenticate(ReasonCode.ReAuthenticate, "TEST", "x");

        AssertClosed(client, V5, "87");
    }

    [TestCase(30u, true)]
    [TestCase(uint.MaxValue, false)]
    [Statement("5.0", "MQTT-3.15.2-2", "MQTT-3.15.2-3")]
    public void What_does_not_fit_is_left_out_of_an_AUTH(uint maximum, bool leftOut)
    {
        var packet = new AuthPacket { ReasonCode = ReasonCode.ContinueAuthentication, AuthenticationMethod = "TEST", ReasonString = new string('r', 30) };
        packet.UserProperties = [new UserProperty(new string('k', 20), "v")];
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        MqttWriter.WriteAuth(buffer, packet, maximum);
        MqttFrame.TryRead(buffer.WrittenSpan, int.MaxValue, out MqttFrame frame, out _);

        AuthPacket read = AuthPacket.Read(frame, V5);
        Assert.That((read.ReasonString is null, read.UserProperties.Count == 0, frame.Length <= maximum), Is.EqualTo((leftOut, leftOut, true)));
    }

    private MqttClient Begin() => MqttClient.Open(Server, "c1", change: static packet =>
    {
        packet.AuthenticationMethod = "TEST";
        packet.AuthenticationData = "first"u8.ToArray();
    });

    private MqttClient Authenticated()
    {
        Exchange.Finish(AuthenticationResult.Accepted);
        MqttClient client = Begin();
        Assert.That(client.Packets(), Is.EqualTo(new[] { "CONNACK 00" }));
        return client;
    }
}
