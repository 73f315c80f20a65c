using Broker.Core.Ports;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Gateways.Mqtt;

internal sealed class ConnectTests
{
    private TestBroker _broker = null!;

    [SetUp]
    public void Open() => _broker = new TestBroker();

    [TearDown]
    public void Close() => _broker.Dispose();

    [TestCase(3)]
    [TestCase(4)]
    [TestCase(5)]
    public void Every_version_connects_and_pings(int version)
    {
        MqttClient client = MqttClient.Connect(_broker, "c1", (MqttVersion)version);

        client.Ping();

        Assert.That(client.Packets(), Is.EqualTo(new[] { "PINGRESP" })); // [MQTT-3.12.4-1]
        Assert.That(_broker.Metrics.Connections.Single().Protocol, Is.EqualTo((ClientProtocol)version));
    }

    [Test]
    public void Keep_alive_of_one_and_a_half_times_MQTT_3_1_2_22()
    {
        MqttClient client = MqttClient.Connect(_broker, "c1", change: static packet => packet.KeepAlive = 10);
        _broker.Time.Advance(TimeSpan.FromSeconds(14));
        client.Ping();
        client.Packets();

        _broker.Time.Advance(TimeSpan.FromSeconds(14.8));
        bool early = client.IsClosed;
        _broker.Time.Advance(TimeSpan.FromSeconds(0.4));

        Assert.That((early, client.Packets(), client.IsClosed), Is.EqualTo((false, new[] { "DISCONNECT 8d" }, true)));
    }

    [Test]
    public void No_CONNECT_closes_after_the_timeout()
    {
        InMemoryConnection connection = _broker.OpenMqtt();

        _broker.Time.Advance(TimeSpan.FromSeconds(15.2));

        Assert.That((connection.IsClosed, connection.Received()), Is.EqualTo((true, Array.Empty<byte>())));
    }

    [TestCase(AuthenticationOutcome.BadCredentials, 5, "CONNACK 86")]
    [TestCase(AuthenticationOutcome.NotAuthorized, 5, "CONNACK 87")]
    [TestCase(AuthenticationOutcome.Banned, 5, "CONNACK 8a")]
    [TestCase(AuthenticationOutcome.Unavailable, 5, "CONNACK 88")]
    [TestCase(AuthenticationOutcome.BadCredentials, 4, "CONNACK 05")]
    [TestCase(AuthenticationOutcome.NotAuthorized, 4, "CONNACK 05")]
    [TestCase(AuthenticationOutcome.Banned, 3, "CONNACK 05")]
    public void A_refused_client_is_told_why_and_closed_MQTT_3_1_4_5(AuthenticationOutcome outcome, int version, string answer)
    {
        _broker.Authenticator.Answer = _ => ValueTask.FromResult(new AuthenticationResult(outcome));

        MqttClient client = MqttClient.Open(_broker, "c1", (MqttVersion)version);

        Assert.That((client.Packets(), client.IsClosed), Is.EqualTo((new[] { answer }, true)));
    }

    [Test]
    public async Task Authentication_may_take_its_time_and_what_follows_CONNECT_waits()
    {
        var answer = new TaskCompletionSource<AuthenticationResult>();
        _broker.Authenticator.Answer = _ => new ValueTask<AuthenticationResult>(answer.Task);
        MqttClient client = MqttClient.Open(_broker, "c1", MqttVersion.V311);
        client.Ping();
        Assert.That(client.Packets(), Is.Empty);

        answer.SetResult(AuthenticationResult.Accepted);

        Assert.That(await client.Connection.ReceiveAsync(6), Is.EqualTo(new byte[] { 0x20, 2, 0, 0, 0xD0, 0 }));
    }

    [TestCase("c000", "", TestName = "Another_packet_first_MQTT_3_1_0_1")]
    [TestCase("1000", "", TestName = "An_empty_CONNECT")]
    [TestCase("100c000444444444040200000000", "", TestName = "An_unknown_protocol_name")]
    [TestCase("100c00044d5154540902000000000000", "84", TestName = "An_unknown_protocol_level_MQTT_3_1_2_2")]
    [TestCase("100f00044d5154540502000000000000000000", "81", TestName = "A_malformed_CONNECT_of_5")]
    [TestCase("100e00044d515454040300000002616263", "", TestName = "A_malformed_CONNECT_of_3")]
    [TestCase("ffffffffff", "", TestName = "A_malformed_length")]
    public void Malformed(string hex, string code)
    {
        InMemoryConnection connection = _broker.OpenMqtt();

        connection.Send(Convert.FromHexString(hex));

        byte[] received = connection.Received();
        Assert.That(connection.IsClosed);
        Assert.That(received.Length == 0 ? "" : $"{received[3]:x2}", Is.EqualTo(code));
    }

    [Test]
    public void A_second_CONNECT_is_a_protocol_error_MQTT_3_1_0_2()
    {
        MqttClient client = MqttClient.Connect(_broker, "c1");

        client.Connection.Send(Convert.FromHexString("100d00044d51545405020000000000"));

        Assert.That((client.Packets(), client.IsClosed), Is.EqualTo((new[] { "DISCONNECT 82" }, true)));
    }

    [TestCase("320b0001610000", "", TestName = "A_packet_that_is_not_complete_waits")]
    [TestCase("360500016100010000", "DISCONNECT 81", TestName = "QoS_3_MQTT_3_3_1_4")]
    [TestCase("30040001230078", "DISCONNECT 82", TestName = "A_wildcard_in_a_topic_MQTT_3_3_2_2")]
    [TestCase("8008000100000161" + "0000", "DISCONNECT 81", TestName = "Reserved_flags_MQTT_3_8_1_1")]
    [TestCase("82030001" + "00", "DISCONNECT 82", TestName = "SUBSCRIBE_without_a_filter_MQTT_3_8_3_2")]
    [TestCase("f000", "DISCONNECT 82", TestName = "AUTH_without_a_method")]
    [TestCase("d000", "DISCONNECT 82", TestName = "A_packet_of_the_server")]
    [TestCase("0000", "DISCONNECT 81", TestName = "A_reserved_packet_type")]
    public void Faults_get_their_code(string hex, string answer)
    {
        MqttClient client = MqttClient.Connect(_broker, "c1");

        client.Connection.Send(Convert.FromHexString(hex));

        Assert.That(string.Join(", ", client.Packets()), Is.EqualTo(answer));
        Assert.That(client.IsClosed, Is.EqualTo(answer.Length > 0));
    }

    [Test]
    public void A_packet_above_the_maximum_is_refused_from_its_header_MQTT_3_2_2_15()
    {
        _broker.Options.Mqtt.MaximumPacketSizeBytes = 1024;
        MqttClient client = MqttClient.Connect(_broker, "c1");

        client.Connection.Send(0x30, 0xFE, 0x07);

        Assert.That((client.Packets(), client.IsClosed), Is.EqualTo((new[] { "DISCONNECT 95" }, true)));
    }

    [Test]
    public void A_second_connection_takes_over_MQTT_3_1_4_3()
    {
        MqttClient first = MqttClient.Connect(_broker, "c1");

        MqttClient second = MqttClient.Connect(_broker, "c1");

        Assert.That((first.Packets(), first.IsClosed, second.IsClosed), Is.EqualTo((new[] { "DISCONNECT 8e" }, true, false)));
        Assert.That(_broker.Metrics.CurrentConnections, Is.EqualTo(1));
    }

    [Test]
    public void A_client_that_is_closed_while_it_is_authenticated_leaves_nothing_behind()
    {
        var answer = new TaskCompletionSource<AuthenticationResult>();
        _broker.Authenticator.Answer = _ => new ValueTask<AuthenticationResult>(answer.Task);
        MqttClient client = MqttClient.Open(_broker, "c1");
        _broker.Time.Advance(TimeSpan.FromSeconds(15.2));

        answer.SetResult(AuthenticationResult.Accepted);

        Assert.That((client.IsClosed, _broker.Broker.Sessions.Count, _broker.Metrics.CurrentConnections), Is.EqualTo((true, 0, 0L)));
    }
}
