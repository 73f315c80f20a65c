using Broker.Core.Ports;
using Broker.Observability;
using Broker.Primitives;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Gateways.PrivateTcp;

/// <summary>Frames of a connected device: decisions 4, 9, 12 and 14.</summary>
internal sealed class UplinkTests
{
    private TestBroker _broker = null!;

    [SetUp]
    public void Open() => _broker = new TestBroker();

    [TearDown]
    public void Close() => _broker.Dispose();

    [Test]
    public void Decision_9_uplinks_are_published_in_order()
    {
        MqttClient watcher = MqttClient.Connect(_broker, "watcher").Subscribed("tcp/+/up", Qos.ExactlyOnce);
        DeviceClient device = DeviceClient.Connect(_broker, "d1");

        device.Connection.Send([.. Convert.FromHexString("3000016130000030000162")]);
        device.Uplink("c");

        Assert.That(
            watcher.Packets(),
            Is.EqualTo(new[] { "PUBLISH tcp/d1/up a", "PUBLISH tcp/d1/up ", "PUBLISH tcp/d1/up b", "PUBLISH tcp/d1/up c" }));
        Assert.That(_broker.Metrics.MessagesReceived[3], Is.EqualTo(4));
    }

    [Test]
    public void Decision_12_uplinks_are_QoS_0_and_not_retained()
    {
        DeviceClient device = DeviceClient.Connect(_broker, "d1");

        device.Uplink("x");

        Assert.That(_broker.Broker.Retained.Count, Is.Zero);
    }

    [Test]
    public void Decision_12_settings_give_QoS_retain_and_user_properties()
    {
        _broker.Options.PrivateTcp.UplinkQos = 2;
        _broker.Options.PrivateTcp.UplinkRetain = true;
        _broker.Options.PrivateTcp.UplinkUserProperties = ["protocol", "clientid", "username", "peer"];
        MqttClient watcher = MqttClient.Connect(_broker, "watcher").Subscribed("tcp/+/up", Qos.ExactlyOnce);
        DeviceClient device = DeviceClient.Connect(_broker, "d1", "fleet");

        device.Uplink("x");

        Assert.That(
            watcher.Packets(),
            Is.EqualTo(new[] { "PUBLISH tcp/d1/up x q2 #1 protocol=private-tcp clientid=d1 username=fleet peer=192.0.2.7:5000" }));
        Assert.That(_broker.Broker.Retained.Count, Is.EqualTo(1));
    }

    [Test]
    public void Decision_12_a_user_property_without_value_is_left_out()
    {
        _broker.Options.PrivateTcp.UplinkUserProperties = ["username", "clientid"];
        MqttClient watcher = MqttClient.Connect(_broker, "watcher").Subscribed("tcp/+/up");

        DeviceClient.Connect(_broker, "d1").Uplink("x");

        Assert.That(watcher.Packets(), Is.EqualTo(new[] { "PUBLISH tcp/d1/up x clientid=d1" }));
    }

    [TestCase("1100073c000461626364", "Connect")]
    [TestCase("200000", "ConnAck")]
    [TestCase("50", "Pong")]
    [TestCase("70", "0x70")]
    [TestCase("f0", "0xf0")]
    [TestCase("00", "0x00")]
    [TestCase("310000", "0x31")]
    [TestCase("41", "0x41")]
    [TestCase("6f", "0x6f")]
    public void Decision_4_a_frame_that_may_not_come_closes_and_is_logged_with_type_and_peer(string hex, string named)
    {
        DeviceClient device = DeviceClient.Connect(_broker, "d1");

        device.Connection.Send(Convert.FromHexString(hex));

        Assert.That((device.IsClosed, device.Frames()), Is.EqualTo((true, Array.Empty<string>())));
        Assert.That(_broker.Log.Lines.Single(line => line.Contains("is closed")), Does.Contain(named).And.Contain("192.0.2.7:5000"));
    }

    [Test]
    public void PING_is_answered_and_DISCONNECT_closes()
    {
        DeviceClient device = DeviceClient.Connect(_broker, "d1");

        device.Connection.Send(0x40, 0x40, 0x60, 0x40);

        Assert.That((device.Frames(), device.IsClosed), Is.EqualTo((new[] { "50", "50" }, true)));
        Assert.That(_broker.Closed(CloseReason.ClientDisconnected), Is.EqualTo(1));
        Assert.That(_broker.Broker.Sessions.Find("d1"), Is.Null);
        Assert.That(_broker.Metrics.CurrentConnections, Is.Zero);
    }

    [Test]
    public void Decision_14_rules_that_change_later_hold()
    {
        MqttClient watcher = MqttClient.Connect(_broker, "watcher").Subscribed("#");
        DeviceClient device = DeviceClient.Connect(_broker, "d1");

        _broker.Authorizer.Rule = static (_, action, _) => action != TopicAction.Publish;
        device.Uplink("x");

        Assert.That((watcher.Packets(), device.IsClosed, _broker.Dropped(DropReason.NotAuthorized)), Is.EqualTo((Array.Empty<string>(), false, 1L)));
    }

    [Test]
    public void Statistics_are_logged_at_the_end()
    {
        DeviceClient device = DeviceClient.Connect(_broker, "d1");
        device.Uplink("abc");
        device.Ping();
        device.Disconnect();

        Assert.That(_broker.Log.ToString(), Does.Contain("d1 sent 4 frames (15 bytes) and took 2 frames (24 bytes)"));
    }

    [Test]
    public void Statistics_can_be_turned_off()
    {
        _broker.Options.PrivateTcp.EnableStats = false;
        DeviceClient.Connect(_broker, "d1").Disconnect();

        Assert.That(_broker.Log.ToString(), Does.Not.Contain("frames"));
    }
}
