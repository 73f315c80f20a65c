using System.Text;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Gateways.Mqtt;

internal sealed class WillTests
{
    private static readonly string[] Published = ["PUBLISH will/c1 gone"];

    private TestBroker _broker = null!;
    private MqttClient _watcher = null!;

    [SetUp]
    public void Open()
    {
        _broker = new TestBroker();
        _watcher = MqttClient.Connect(_broker, "watcher").Subscribed("will/#");
    }

    [TearDown]
    public void Close() => _broker.Dispose();

    [Test]
    public void Published_when_the_connection_is_lost_MQTT_3_1_2_8()
    {
        ConnectWithWill().Connection.Vanish();

        Assert.That(_watcher.Packets(), Is.EqualTo(Published));
    }

    [Test]
    public void Not_published_after_DISCONNECT_0_MQTT_3_14_4_3()
    {
        ConnectWithWill().Disconnect();

        Assert.That(_watcher.Packets(), Is.Empty);
    }

    [Test]
    public void Published_after_DISCONNECT_with_Will()
    {
        ConnectWithWill().Disconnect(ReasonCode.DisconnectWithWillMessage);

        Assert.That(_watcher.Packets(), Is.EqualTo(Published));
    }

    [Test]
    public void Published_after_a_protocol_error()
    {
        ConnectWithWill().Connection.Send(0xD0, 0);

        Assert.That(_watcher.Packets(), Is.EqualTo(Published));
    }

    [Test]
    public void Published_when_the_connection_is_taken_over_MQTT_3_1_4_3()
    {
        ConnectWithWill();

        MqttClient.Connect(_broker, "c1");

        Assert.That(_watcher.Packets(), Is.EqualTo(Published));
    }

    [Test]
    public void Waits_for_the_Will_Delay()
    {
        ConnectWithWill(delay: 10, expiry: 60).Connection.Vanish();

        _broker.Time.Advance(TimeSpan.FromSeconds(9.8));
        string[] early = _watcher.Packets();
        _broker.Time.Advance(TimeSpan.FromSeconds(0.4));

        Assert.That((early, _watcher.Packets()), Is.EqualTo((Array.Empty<string>(), Published)));
    }

    [Test]
    public void Not_published_when_the_client_is_back_before_the_delay_MQTT_3_1_3_9()
    {
        ConnectWithWill(delay: 10, expiry: 60).Connection.Vanish();
        MqttClient.Connect(_broker, "c1", clean: false, change: static packet => packet.SessionExpiryInterval = 60);

        _broker.Time.Advance(TimeSpan.FromSeconds(20));

        Assert.That(_watcher.Packets(), Is.Empty);
    }

    [Test]
    public void Published_when_the_session_ends_before_the_delay()
    {
        ConnectWithWill(delay: 60, expiry: 10).Connection.Vanish();

        _broker.Time.Advance(TimeSpan.FromSeconds(10.2));

        Assert.That(_watcher.Packets(), Is.EqualTo(Published));
    }

    private MqttClient ConnectWithWill(uint delay = 0, uint expiry = 0) => MqttClient.Connect(_broker, "c1", change: packet =>
    {
        packet.SessionExpiryInterval = expiry;
        packet.Will = new WillPacket { Topic = Encoding.UTF8.GetBytes("will/c1"), Payload = "gone"u8.ToArray(), DelayInterval = delay };
    });
}
