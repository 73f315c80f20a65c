using System.Text;
using Broker.Core.Ports;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Gateways.Mqtt;

/// <summary>AUTH: MQTT 5.0 section 4.12.</summary>
internal sealed class EnhancedAuthenticationTests
{
    private ScriptedExchange _exchange = null!;
    private TestBroker _broker = null!;

    [SetUp]
    public void Begin()
    {
        _exchange = new ScriptedExchange();
        _broker = new TestBroker(null, _exchange);
    }

    [TearDown]
    public void Close() => _broker.Dispose();

    [Test]
    public void A_client_authenticates_in_several_steps_MQTT_4_12_0_2()
    {
        _exchange.Continue("challenge");
        _exchange.Finish(AuthenticationResult.Accepted, "welcome");

        MqttClient client = Open("hello");
        string[] first = client.Packets();
        client.Authenticate(ReasonCode.ContinueAuthentication, "TEST", "response");
        ConnAckPacket connAck = client.ConnAck();

        Assert.That(first, Is.EqualTo(new[] { "AUTH 18 TEST challenge" }));
        Assert.That(_exchange.Received, Is.EqualTo(new[] { "begin c1", "hello", "response" }));
        Assert.That(
            (connAck.ReasonCode, connAck.AuthenticationMethod, Encoding.UTF8.GetString(connAck.AuthenticationData!)), // [MQTT-4.12.0-5]
            Is.EqualTo((ReasonCode.Success, "TEST", "welcome")));
        Assert.That(_broker.Authenticator.Asked, Is.Null);
    }

    [Test]
    public void Without_a_method_nothing_of_it_is_sent_MQTT_4_12_0_6() =>
        Assert.That(MqttClient.Open(_broker, "c1").ConnAck().AuthenticationMethod, Is.Null);

    [Test]
    public void An_unknown_method_is_refused_MQTT_4_12_0_1()
    {
        MqttClient client = MqttClient.Open(_broker, "c1", change: static packet => packet.AuthenticationMethod = "OTHER");

        Assert.That((client.Packets(), client.IsClosed), Is.EqualTo((new[] { "CONNACK 8c" }, true)));
    }

    [Test]
    public void Authentication_may_fail_at_any_step_MQTT_4_12_0_4()
    {
        _exchange.Continue("challenge");
        _exchange.Finish(AuthenticationResult.BadCredentials);
        MqttClient client = Open("hello");
        client.Packets();

        client.Authenticate(ReasonCode.ContinueAuthentication, "TEST", "wrong");

        Assert.That((client.Packets(), client.IsClosed, _broker.Broker.Sessions.Count), Is.EqualTo((new[] { "CONNACK 86" }, true, 0)));
    }

    [TestCase("c000", "CONNACK 82", TestName = "PINGREQ_before_CONNACK_MQTT_3_1_2_30")]
    [TestCase("100d00044d51545405020000000000", "CONNACK 82", TestName = "CONNECT_before_CONNACK")]
    [TestCase("f000", "CONNACK 82", TestName = "AUTH_without_a_method_before_CONNACK")]
    [TestCase("f0091807150004" + "54455354", "AUTH 18 TEST again", TestName = "AUTH_0x18")]
    [TestCase("f0091907150004" + "54455354", "CONNACK 82", TestName = "AUTH_0x19_before_CONNACK_MQTT_4_12_0_3")]
    [TestCase("f0091807150004" + "4f544852", "CONNACK 8c", TestName = "AUTH_with_another_method_MQTT_4_12_0_5")]
    [TestCase("f1091807150004" + "54455354", "CONNACK 81", TestName = "AUTH_with_flags_MQTT_3_15_1_1")]
    [TestCase("f0092007150004" + "54455354", "CONNACK 82", TestName = "AUTH_with_an_unknown_code_MQTT_3_15_2_1")]
    [TestCase("e000", "", TestName = "DISCONNECT_before_CONNACK")]
    public void Between(string hex, string answer)
    {
        _exchange.Continue("challenge");
        _exchange.Continue("again");
        MqttClient client = Open("hello");
        client.Packets();

        client.Connection.Send(Convert.FromHexString(hex));

        Assert.That(string.Join(", ", client.Packets()), Is.EqualTo(answer));
        Assert.That(client.IsClosed, Is.EqualTo(!answer.StartsWith("AUTH", StringComparison.Ordinal)));
    }

    [Test]
    public async Task Steps_may_take_their_time()
    {
        var answer = new TaskCompletionSource<AuthenticationStep>();
        _exchange.Answers.Enqueue(answer.Task);
        MqttClient client = Open("hello");
        client.Ping();
        bool silent = client.Packets().Length == 0;

        answer.SetResult(new AuthenticationStep(AuthenticationResult.Accepted));

        byte[] received = await client.Connection.ReceiveAsync(2);
        Assert.That((silent, received[0]), Is.EqualTo((true, (byte)0x20)));
    }

    [Test]
    public void A_client_authenticates_again_while_messages_flow()
    {
        MqttClient client = Connected().Subscribed("a");
        _exchange.Continue("challenge");
        _exchange.Finish(AuthenticationResult.Accepted, "still welcome");

        client.Authenticate(ReasonCode.ReAuthenticate, "TEST", "hello");
        _broker.Publish("a", "x");
        client.Ping();
        client.Authenticate(ReasonCode.ContinueAuthentication, "TEST", "response");

        Assert.That(
            client.Packets(),
            Is.EqualTo(new[] { "AUTH 18 TEST challenge", "PUBLISH a x", "PINGRESP", "AUTH 00 TEST still welcome" }));
    }

    [Test]
    public void Who_fails_to_authenticate_again_is_closed_MQTT_4_12_1_2()
    {
        MqttClient client = Connected();
        _exchange.Finish(AuthenticationResult.BadCredentials);

        client.Authenticate(ReasonCode.ReAuthenticate, "TEST", "hello");

        Assert.That((client.Packets(), client.IsClosed), Is.EqualTo((new[] { "DISCONNECT 87" }, true)));
    }

    [Test]
    public void Who_authenticates_again_as_somebody_else_is_closed()
    {
        MqttClient client = Connected();
        _exchange.Finish(new AuthenticationResult(AuthenticationOutcome.Accepted, Username: "other"));

        client.Authenticate(ReasonCode.ReAuthenticate, "TEST", "hello");

        Assert.That((client.Packets(), client.IsClosed), Is.EqualTo((new[] { "DISCONNECT 87" }, true)));
    }

    [TestCase("f0091907150004" + "4f544852", "DISCONNECT 82", TestName = "Again_with_another_method_MQTT_4_12_1_1")]
    [TestCase("f0091807150004" + "54455354", "DISCONNECT 82", TestName = "Continue_without_a_beginning")]
    [TestCase("f000", "DISCONNECT 82", TestName = "Again_without_a_method")]
    public void Again(string hex, string answer)
    {
        MqttClient client = Connected();

        client.Connection.Send(Convert.FromHexString(hex));

        Assert.That((client.Packets(), client.IsClosed), Is.EqualTo((new[] { answer }, true)));
    }

    [Test]
    public void Who_connected_without_a_method_cannot_send_AUTH_MQTT_4_12_0_7()
    {
        MqttClient client = MqttClient.Connect(_broker, "c1");

        client.Authenticate(ReasonCode.ReAuthenticate, "TEST");

        Assert.That((client.Packets(), client.IsClosed), Is.EqualTo((new[] { "DISCONNECT 82" }, true)));
    }

    private MqttClient Connected()
    {
        _exchange.Finish(AuthenticationResult.Accepted);
        MqttClient client = Open("hello");
        client.Packets();
        return client;
    }

    private MqttClient Open(string data) => MqttClient.Open(_broker, "c1", change: packet =>
    {
        packet.AuthenticationMethod = "TEST";
        packet.AuthenticationData = Encoding.UTF8.GetBytes(data);
    });
}
