using Broker.Observability;
using Broker.Primitives;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Gateways.PrivateTcp;

/// <summary>What goes to a device: decisions 6, 9, 10, 11, 13, 15 and 16, and force_shutdown.</summary>
internal sealed class DownlinkTests
{
    private TestBroker _broker = null!;

    [SetUp]
    public void Open() => _broker = new TestBroker();

    [TearDown]
    public void Close() => _broker.Dispose();

    [Test]
    public void Decision_9_downlinks_arrive_in_order()
    {
        DeviceClient device = DeviceClient.Connect(_broker, "d1");
        MqttClient application = MqttClient.Connect(_broker, "app");

        application.Publish("tcp/d1/dn", "a");
        application.Publish("tcp/d1/dn", "b", Qos.AtLeastOnce, packetId: 1);
        application.Publish("tcp/d2/dn", "not for it");
        application.Publish("tcp/d1/dn", "c");

        Assert.That(device.Frames(), Is.EqualTo(new[] { "30 a", "30 b", "30 c" }));
    }

    [Test]
    public void Decision_10_a_downlink_of_65535_bytes_arrives_and_one_more_is_dropped_counted_and_logged()
    {
        DeviceClient device = DeviceClient.Connect(_broker, "d1");

        _broker.Publish("tcp/d1/dn", new byte[65_535]);
        int arrived = device.Connection.Received().Length;
        _broker.Publish("tcp/d1/dn", new byte[65_536]);

        Assert.That((arrived, device.Frames(), device.IsClosed), Is.EqualTo((65_538, Array.Empty<string>(), false)));
        Assert.That(_broker.Dropped(DropReason.TooLarge), Is.EqualTo(1));
        Assert.That(_broker.Log.ToString(), Does.Contain("tcp/d1/dn").And.Contain("65536"));
    }

    [Test]
    public void Decision_10_an_empty_downlink_is_Len_0()
    {
        DeviceClient device = DeviceClient.Connect(_broker, "d1");

        _broker.Publish("tcp/d1/dn", "");

        Assert.That(Convert.ToHexStringLower(device.Connection.Received()), Is.EqualTo("300000"));
    }

    [Test]
    public void Decision_11_a_retained_message_comes_right_after_CONNACK()
    {
        _broker.Publish("tcp/d1/dn", "settings", retain: true);

        DeviceClient device = DeviceClient.Open(_broker, "d1");

        Assert.That(device.Frames(), Is.EqualTo(new[] { "20 Connect Successfully", "30 settings" }));
    }

    [Test]
    public void Decision_6_a_device_takes_over_from_a_device_and_from_an_MQTT_client_and_back()
    {
        DeviceClient first = DeviceClient.Connect(_broker, "d1");
        DeviceClient second = DeviceClient.Connect(_broker, "d1");
        Assert.That((first.IsClosed, second.IsClosed), Is.EqualTo((true, false)));

        MqttClient third = MqttClient.Connect(_broker, "d1");
        Assert.That((second.IsClosed, third.IsClosed), Is.EqualTo((true, false)));

        DeviceClient fourth = DeviceClient.Connect(_broker, "d1");
        Assert.That((third.Packets(), third.IsClosed, fourth.IsClosed), Is.EqualTo((new[] { "DISCONNECT 8e" }, true, false)));
        Assert.That((_broker.Closed(CloseReason.SessionTakenOver), _broker.Metrics.CurrentConnections), Is.EqualTo((3L, 1L)));
    }

    [Test]
    public void Decision_6_a_device_does_not_inherit_the_subscriptions_of_an_MQTT_client()
    {
        _broker.Options.PrivateTcp.KeepOfflineDownlinks = true;
        MqttClient.Connect(_broker, "d1", change: static packet => packet.SessionExpiryInterval = 3600).Subscribed("other/topic", Qos.AtLeastOnce);

        DeviceClient device = DeviceClient.Connect(_broker, "d1");
        _broker.Publish("other/topic", "x", Qos.AtLeastOnce);

        Assert.That(device.Frames(), Is.Empty);
    }

    [Test]
    public void Decision_13_downlinks_for_an_offline_device_are_lost_by_default()
    {
        DeviceClient.Connect(_broker, "d1").Disconnect();

        _broker.Publish("tcp/d1/dn", "lost", Qos.AtLeastOnce);

        Assert.That(DeviceClient.Open(_broker, "d1").Frames(), Is.EqualTo(new[] { "20 Connect Successfully" }));
    }

    [Test]
    public void Decision_13_a_setting_keeps_them_in_order_until_the_next_CONNACK()
    {
        _broker.Options.PrivateTcp.KeepOfflineDownlinks = true;
        DeviceClient.Connect(_broker, "d1").Connection.Vanish();

        _broker.Publish("tcp/d1/dn", "a", Qos.AtLeastOnce);
        _broker.Publish("tcp/d1/dn", "b", Qos.ExactlyOnce);

        Assert.That(DeviceClient.Open(_broker, "d1").Frames(), Is.EqualTo(new[] { "20 Connect Successfully", "30 a", "30 b" }));
        Assert.That(DeviceClient.Open(_broker, "d1").Frames(), Is.EqualTo(new[] { "20 Connect Successfully" }));
    }

    [Test]
    public void Decision_13_the_queue_limit_and_the_expiry_hold()
    {
        _broker.Options.PrivateTcp.KeepOfflineDownlinks = true;
        _broker.Options.PrivateTcp.OfflineMaximumMessages = 2;
        _broker.Options.PrivateTcp.OfflineExpirySeconds = 60;
        DeviceClient.Connect(_broker, "d1").Disconnect();

        foreach (string payload in new[] { "a", "b", "c" })
        {
            _broker.Publish("tcp/d1/dn", payload, Qos.AtLeastOnce);
        }

        DeviceClient back = DeviceClient.Open(_broker, "d1");
        Assert.That(back.Frames(), Is.EqualTo(new[] { "20 Connect Successfully", "30 a", "30 b" }));
        Assert.That(_broker.Dropped(DropReason.QueueFull), Is.EqualTo(1));

        back.Disconnect();
        _broker.Time.Advance(TimeSpan.FromSeconds(60.2));
        Assert.That(_broker.Broker.Sessions.Find("d1"), Is.Null);
    }

    [Test]
    public void Decision_13_a_kept_session_follows_the_downlink_topic()
    {
        _broker.Options.PrivateTcp.KeepOfflineDownlinks = true;
        _broker.Options.PrivateTcp.DownlinkTopic = "dn/%u";
        DeviceClient.Connect(_broker, "d1", "old").Disconnect();

        DeviceClient device = DeviceClient.Connect(_broker, "d1", "new");
        _broker.Publish("dn/old", "no", Qos.AtLeastOnce);
        _broker.Publish("dn/new", "yes", Qos.AtLeastOnce);

        Assert.That(device.Frames(), Is.EqualTo(new[] { "30 yes" }));
    }

    [TestCase(1, Qos.AtLeastOnce)]
    [TestCase(2, Qos.ExactlyOnce)]
    public void Decision_15_a_downlink_is_delivered_when_its_bytes_are_taken(int setting, Qos qos)
    {
        _broker.Options.PrivateTcp.DownlinkQos = setting;
        _broker.Options.PrivateTcp.KeepOfflineDownlinks = true;
        DeviceClient device = DeviceClient.Connect(_broker, "d1");
        _broker.Publish("tcp/d1/dn", "taken", qos);
        device.Connection.Vanish();

        _broker.Publish("tcp/d1/dn", "later", qos);

        Assert.That(DeviceClient.Open(_broker, "d1").Frames(), Is.EqualTo(new[] { "20 Connect Successfully", "30 later" }));
    }

    [Test]
    public void Decision_15_what_was_lost_in_the_socket_comes_again_in_order()
    {
        _broker.Options.PrivateTcp.KeepOfflineDownlinks = true;
        DeviceClient device = DeviceClient.Open(_broker, "d1", outputLimit: 64);
        device.Frames();
        _broker.Publish("tcp/d1/dn", "taken", Qos.AtLeastOnce);
        _broker.Publish("tcp/d1/dn", new string('a', 100), Qos.AtLeastOnce); // fills the socket: held, not taken
        _broker.Publish("tcp/d1/dn", "b", Qos.AtLeastOnce);
        _broker.Publish("tcp/d1/dn", "c", Qos.AtLeastOnce);
        device.Connection.Vanish();
        _broker.Publish("tcp/d1/dn", "d", Qos.AtLeastOnce);

        Assert.That(
            DeviceClient.Open(_broker, "d1").Frames(),
            Is.EqualTo(new[] { "20 Connect Successfully", "30 " + new string('a', 100), "30 b", "30 c", "30 d" }));
    }

    [Test]
    public async Task Decision_15_a_device_that_reads_late_gets_everything_once()
    {
        _broker.Options.PrivateTcp.KeepOfflineDownlinks = true;
        DeviceClient device = DeviceClient.Open(_broker, "d1", outputLimit: 64);
        device.Frames();
        string[] payloads = [.. Enumerable.Range(100, 50).Select(static number => $"{number}")];
        foreach (string payload in payloads)
        {
            _broker.Publish("tcp/d1/dn", payload, Qos.AtLeastOnce);
        }

        byte[] received = await device.Connection.ReceiveAsync(50 * 6);

        Assert.That(DeviceClient.Split(received), Is.EqualTo(payloads.Select(static payload => "30 " + payload)));
        device.Connection.Vanish();
        await device.Connection.Served;
        Assert.That(DeviceClient.Open(_broker, "d1").Frames(), Is.EqualTo(new[] { "20 Connect Successfully" }));
    }

    [Test]
    public void Decision_16_shutdown_closes_after_flushing()
    {
        DeviceClient device = DeviceClient.Connect(_broker, "d1");
        _broker.Publish("tcp/d1/dn", "last");

        _broker.Broker.CloseAll(CloseReason.ServerShuttingDown);

        Assert.That((device.Frames(), device.IsClosed), Is.EqualTo((new[] { "30 last" }, true)));
    }

    [Test]
    public async Task Decision_16_shutdown_waits_for_a_device_that_reads_late()
    {
        DeviceClient device = DeviceClient.Open(_broker, "d1", outputLimit: 64);
        device.Frames();
        _broker.Publish("tcp/d1/dn", new string('a', 100));
        _broker.Publish("tcp/d1/dn", "last");

        _broker.Broker.CloseAll(CloseReason.ServerShuttingDown);
        byte[] received = await device.Connection.ReceiveAsync(103 + 7);

        Assert.That(DeviceClient.Split(received)[^1], Is.EqualTo("30 last"));
        await device.Connection.Served;
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Force_shutdown_closes_a_device_with_too_many_undelivered_downlinks(bool byMessages)
    {
        _broker.Options.PrivateTcp.ForceShutdownMessages = byMessages ? 6 : 0;
        _broker.Options.PrivateTcp.ForceShutdownBytes = byMessages ? 0 : 50;
        DeviceClient device = DeviceClient.Open(_broker, "d1", outputLimit: 64);
        device.Frames();

        _broker.Publish("tcp/d1/dn", new string('a', 100));
        for (int sent = 0; sent < 5; sent++)
        {
            _broker.Publish("tcp/d1/dn", "1234567");
        }

        bool early = device.IsClosed;
        _broker.Publish("tcp/d1/dn", "1234567");

        Assert.That((early, device.IsClosed, device.Connection.WasAborted), Is.EqualTo((false, true, true)));
        Assert.That(_broker.Closed(CloseReason.SlowConsumer), Is.EqualTo(1));
        Assert.That(_broker.Log.ToString(), Does.Contain("SlowConsumer").And.Contain("undelivered"));
    }

    [Test]
    public void Force_shutdown_does_not_trim_what_is_kept_for_the_device()
    {
        _broker.Options.PrivateTcp.KeepOfflineDownlinks = true;
        _broker.Options.PrivateTcp.ForceShutdownMessages = 2;
        DeviceClient device = DeviceClient.Open(_broker, "d1", outputLimit: 64);
        device.Frames();
        _broker.Publish("tcp/d1/dn", new string('a', 100), Qos.AtLeastOnce);
        foreach (string payload in new[] { "b", "c", "d" })
        {
            _broker.Publish("tcp/d1/dn", payload, Qos.AtLeastOnce);
        }

        Assert.That(device.IsClosed);
        Assert.That(
            DeviceClient.Open(_broker, "d1").Frames(),
            Is.EqualTo(new[] { "20 Connect Successfully", "30 " + new string('a', 100), "30 b", "30 c", "30 d" }));
    }

    [Test]
    public void A_device_that_takes_no_bytes_for_the_send_timeout_is_closed()
    {
        DeviceClient device = DeviceClient.Open(_broker, "d1", outputLimit: 64);
        device.Frames();
        _broker.Publish("tcp/d1/dn", new string('a', 100));
        _broker.Publish("tcp/d1/dn", "b");

        _broker.Time.Advance(TimeSpan.FromSeconds(14.8));
        bool early = device.IsClosed;
        _broker.Time.Advance(TimeSpan.FromSeconds(0.4));

        Assert.That((early, device.IsClosed), Is.EqualTo((false, true)));
    }

    [Test]
    public void Force_gc_keeps_the_order_of_downlinks()
    {
        _broker.Options.PrivateTcp.ForceGcMessages = 1;
        DeviceClient device = DeviceClient.Connect(_broker, "d1");

        for (int number = 0; number < 3; number++)
        {
            _broker.Publish("tcp/d1/dn", $"{number}", Qos.AtLeastOnce);
            device.Ping();
        }

        Assert.That(device.Frames(), Is.EqualTo(new[] { "30 0", "50", "30 1", "50", "30 2", "50" }));
    }
}
