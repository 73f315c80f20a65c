using System.Text;
using Broker.Core.Ports;
using Broker.Primitives;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Gateways.PrivateTcp;

/// <summary>CONNECT and its answers: decisions 1, 2, 3, 5, 7, 8 and the two dialects.</summary>
internal sealed class ConnectTests
{
    private const string ConnectAbcd = "1100073c000461626364";

    private TestBroker _broker = null!;

    [SetUp]
    public void Open() => _broker = new TestBroker();

    [TearDown]
    public void Close() => _broker.Dispose();

    [Test]
    public void The_vectors_connect_and_are_answered_to_the_byte()
    {
        InMemoryConnection connection = _broker.OpenPrivateTcp();

        connection.Send(Convert.FromHexString("1100133c000461626364000461626364000461626364"));

        Assert.That(Convert.ToHexStringLower(connection.Received()), Is.EqualTo("200014" + Convert.ToHexStringLower("Connect Successfully"u8)));
        Assert.That(_broker.Authenticator.Asked, Is.Not.Null);
        Assert.That(
            (_broker.Authenticator.Asked!.Protocol, _broker.Authenticator.Asked.ClientId, _broker.Authenticator.Asked.Username),
            Is.EqualTo((ClientProtocol.PrivateTcp, "abcd", "abcd")));
        Assert.That(Encoding.UTF8.GetString(_broker.Authenticator.Asked.Password!.Value.Span), Is.EqualTo("abcd"));
    }

    [TestCase("1100063c0004616263", TestName = "Decision_1_short_ClientId")]
    [TestCase("1100083c00046162636400", TestName = "Decision_1_trailing_byte")]
    [TestCase("1100073c0004616263ff", TestName = "Decision_1_ill_formed_UTF8")]
    [TestCase("1100033c0000", TestName = "Decision_1_empty_ClientId")]
    [TestCase("110000", TestName = "Decision_1_empty_CONNECT")]
    [TestCase("40", TestName = "Decision_1_PING_first")]
    [TestCase("30000161", TestName = "Decision_1_DATATRANS_first")]
    [TestCase("60", TestName = "Decision_1_DISCONNECT_first")]
    [TestCase("f0", TestName = "Decision_1_reserved_type_first")]
    public void Decision_1_malformed_CONNECT_closes_without_CONNACK(string hex)
    {
        InMemoryConnection connection = _broker.OpenPrivateTcp();

        connection.Send(Convert.FromHexString(hex));

        Assert.That((Convert.ToHexStringLower(connection.Received()), connection.IsClosed), Is.EqualTo(("", true)));
        Assert.That(_broker.Authenticator.Asked, Is.Null);
    }

    [Test]
    public void Decision_2_another_version_gets_0x22_and_the_supported_one_named()
    {
        InMemoryConnection connection = _broker.OpenPrivateTcp();

        connection.Send(Convert.FromHexString("1200073c000461626364"));

        Assert.That(DeviceClient.Split(connection.Received()), Is.EqualTo(new[] { "22 Protocol version 2 is not supported, only 1." }));
        Assert.That(connection.IsClosed);
    }

    [Test]
    public void Decision_3_failed_authentication_gets_0x21_and_a_reason()
    {
        _broker.Authenticator.Answer = static _ => ValueTask.FromResult(AuthenticationResult.BadCredentials);

        DeviceClient device = DeviceClient.Open(_broker, "d1");

        Assert.That(device.Frames(), Is.EqualTo(new[] { "21 bad username or password" }));
        Assert.That(device.IsClosed);
        Assert.That(_broker.Metrics.Authentications[(int)AuthenticationOutcome.BadCredentials], Is.EqualTo(1));
        Assert.That(_broker.Log.ToString(), Does.Contain("d1").And.Contain("192.0.2.7").And.Contain("bad username or password"));
    }

    [TestCase(TopicAction.Publish, "tcp/d1/up")]
    [TestCase(TopicAction.Subscribe, "tcp/d1/dn")]
    public void Decision_3_a_device_that_may_not_use_its_topics_gets_0x21(TopicAction denied, string topic)
    {
        _broker.Authorizer.Rule = (_, action, name) => !(action == denied && name == topic);

        DeviceClient device = DeviceClient.Open(_broker, "d1");

        Assert.That(device.Frames(), Has.Length.EqualTo(1).And.All.StartsWith("21 ").And.All.Contains(topic));
        Assert.That(device.IsClosed);
        Assert.That(_broker.Broker.Sessions.Find("d1"), Is.Null);
    }

    [TestCase("a+b")]
    [TestCase("a#")]
    [TestCase("a\0b")]
    [TestCase("a/b")]
    [TestCase("+")]
    public void Decision_7_topic_injection_gets_0x21(string clientId)
    {
        DeviceClient device = DeviceClient.Open(_broker, clientId);

        Assert.That(device.Frames(), Has.Length.EqualTo(1).And.All.StartsWith("21 "));
        Assert.That(device.IsClosed);
    }

    [Test]
    public void Decision_7_a_setting_allows_slashes()
    {
        _broker.Options.PrivateTcp.AllowSlashInTopicValues = true;

        DeviceClient device = DeviceClient.Connect(_broker, "plant/7");
        _broker.Publish("tcp/plant/7/dn", "x");

        Assert.That(device.Frames(), Is.EqualTo(new[] { "30 x" }));
    }

    [Test]
    public void Decision_8_a_template_with_u_needs_a_Username()
    {
        _broker.Options.PrivateTcp.UplinkTopic = "up/%u/%c";

        DeviceClient without = DeviceClient.Open(_broker, "d1");
        DeviceClient with = DeviceClient.Open(_broker, "d2", "fleet");

        Assert.That(without.Frames(), Is.EqualTo(new[] { "21 a Username is needed" }));
        Assert.That(with.Frames(), Is.EqualTo(new[] { "20 Connect Successfully" }));
    }

    [Test]
    public void The_3x_dialect_is_version_1()
    {
        InMemoryConnection connection = _broker.OpenPrivateTcp();

        connection.Send(Convert.FromHexString("10" + ConnectAbcd[2..]));

        Assert.That(DeviceClient.Split(connection.Received()), Is.EqualTo(new[] { "20 Connect Successfully" }));
    }

    [Test]
    public void The_3x_dialect_can_be_turned_off()
    {
        _broker.Options.PrivateTcp.AcceptLegacyConnect = false;
        InMemoryConnection connection = _broker.OpenPrivateTcp();

        connection.Send(Convert.FromHexString("10" + ConnectAbcd[2..]));

        Assert.That(DeviceClient.Split(connection.Received()), Has.Length.EqualTo(1).And.All.StartsWith("22 "));
        Assert.That(connection.IsClosed);
    }

    [Test]
    public void CONNECT_may_arrive_byte_by_byte()
    {
        InMemoryConnection connection = _broker.OpenPrivateTcp();

        foreach (byte each in Convert.FromHexString(ConnectAbcd))
        {
            connection.Send(each);
        }

        Assert.That(DeviceClient.Split(connection.Received()), Is.EqualTo(new[] { "20 Connect Successfully" }));
    }

    [Test]
    public async Task Authentication_may_take_its_time_and_what_follows_CONNECT_waits()
    {
        var answer = new TaskCompletionSource<AuthenticationResult>();
        _broker.Authenticator.Answer = _ => new ValueTask<AuthenticationResult>(answer.Task);
        MqttClient watcher = MqttClientOnUplinks();
        DeviceClient device = DeviceClient.Open(_broker, "d1");
        device.Uplink("early");
        device.Ping();
        Assert.That((device.Frames(), watcher.Packets()), Is.EqualTo((Array.Empty<string>(), Array.Empty<string>())));

        answer.SetResult(AuthenticationResult.Accepted);
        byte[] received = await device.Connection.ReceiveAsync(24);

        Assert.That(DeviceClient.Split(received), Is.EqualTo(new[] { "20 Connect Successfully", "50" }));
        Assert.That(watcher.Packets(), Is.EqualTo(new[] { "PUBLISH tcp/d1/up early" }));
    }

    [Test]
    public void An_authenticator_that_fails_refuses_the_device()
    {
        _broker.Authenticator.Answer = static _ => ValueTask.FromException<AuthenticationResult>(new InvalidOperationException("down"));

        DeviceClient device = DeviceClient.Open(_broker, "d1");

        Assert.That(device.Frames(), Is.EqualTo(new[] { "21 authentication failed" }));
        Assert.That(_broker.Log.ToString(), Does.Contain("down"));
    }

    [Test]
    public void The_Username_of_authentication_counts()
    {
        _broker.Options.PrivateTcp.DownlinkTopic = "dn/%u";
        _broker.Authenticator.Answer = static _ => ValueTask.FromResult(new AuthenticationResult(AuthenticationOutcome.Accepted, Username: "device-7"));
        DeviceClient device = DeviceClient.Connect(_broker, "d1");

        _broker.Publish("dn/device-7", "x");

        Assert.That(device.Frames(), Is.EqualTo(new[] { "30 x" }));
    }

    [Test]
    public void No_CONNECT_within_the_idle_timeout_closes()
    {
        InMemoryConnection connection = _broker.OpenPrivateTcp();
        connection.Send(0x11, 0);

        _broker.Time.Advance(TimeSpan.FromSeconds(14.8));
        bool early = connection.IsClosed;
        _broker.Time.Advance(TimeSpan.FromSeconds(0.4));

        Assert.That((early, connection.IsClosed, _broker.Closed(CloseReason.IdleTimeout)), Is.EqualTo((false, true, 1L)));
    }

    [Test]
    public void Decision_5_no_complete_frame_in_one_and_a_half_keepalives_closes()
    {
        DeviceClient device = DeviceClient.Connect(_broker, "d1", keepAlive: 10);

        _broker.Time.Advance(TimeSpan.FromSeconds(14));
        device.Uplink("any frame counts");
        device.Connection.Send(0x30, 0);
        _broker.Time.Advance(TimeSpan.FromSeconds(14.8));
        bool early = device.IsClosed;
        _broker.Time.Advance(TimeSpan.FromSeconds(0.4));

        Assert.That((early, device.IsClosed, _broker.Closed(CloseReason.KeepAliveTimeout)), Is.EqualTo((false, true, 1L)));
    }

    [Test]
    public void Decision_5_keepalive_0_is_off()
    {
        DeviceClient device = DeviceClient.Connect(_broker, "d1");

        _broker.Time.Advance(TimeSpan.FromDays(1));

        Assert.That(device.IsClosed, Is.False);
    }

    [Test]
    public void A_Len_above_the_maximum_packet_size_closes_from_the_header()
    {
        _broker.Options.PrivateTcp.MaximumPacketSizeBytes = 100;
        DeviceClient device = DeviceClient.Connect(_broker, "d1");

        device.Connection.Send(0x30, 0, 101);

        Assert.That((device.IsClosed, _broker.Closed(CloseReason.PacketTooLarge)), Is.EqualTo((true, 1L)));
    }

    [Test]
    public void A_listener_has_settings_of_its_own()
    {
        _broker.Listener.PrivateTcp = new() { DownlinkTopic = "own/%c" };
        DeviceClient device = DeviceClient.Connect(_broker, "d1");

        _broker.Publish("own/d1", "x");

        Assert.That(device.Frames(), Is.EqualTo(new[] { "30 x" }));
    }

    private MqttClient MqttClientOnUplinks()
    {
        Func<AuthenticationRequest, ValueTask<AuthenticationResult>> answer = _broker.Authenticator.Answer;
        _broker.Authenticator.Answer = static _ => ValueTask.FromResult(AuthenticationResult.Accepted);
        MqttClient watcher = MqttClient.Connect(_broker, "watcher").Subscribed("tcp/+/up");
        _broker.Authenticator.Answer = answer;
        return watcher;
    }
}
