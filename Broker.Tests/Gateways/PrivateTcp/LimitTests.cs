using Broker.Configuration;
using Broker.Observability;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Gateways.PrivateTcp;

/// <summary>The limits of clients hold for devices as well.</summary>
internal sealed class LimitTests
{
    private TestBroker _broker = null!;
    private MqttClient _watcher = null!;

    [SetUp]
    public void Open() => _broker = new TestBroker();

    [TearDown]
    public void Close() => _broker.Dispose();

    [TestCase(5, 6)]
    [TestCase(0, 20)]
    public void Uplinks_above_the_rate_wait(int perSecond, int atOnce)
    {
        _broker.Options.UserLimits["meter"] = new ClientLimits { MessagesPerSecond = perSecond };
        _watcher = MqttClient.Connect(_broker, "watcher").Subscribed("tcp/d1/up");
        DeviceClient device = DeviceClient.Connect(_broker, "d1", "meter");
        for (int i = 0; i < 20; i++)
        {
            device.Uplink("x");
        }

        int received = _watcher.Packets().Length;
        Assert.That(received, Is.EqualTo(atOnce));
        for (int seconds = 0; seconds < 60 && received < 20; seconds++)
        {
            _broker.Time.Advance(TimeSpan.FromSeconds(1));
            SpinWait.SpinUntil(() => (received += _watcher.Packets().Length) == 20, TimeSpan.FromMilliseconds(100));
        }

        Assert.That(received, Is.EqualTo(20), "none is lost");
    }

    [TestCase(1, "21 too many connections or sessions")]
    [TestCase(2, "20 Connect Successfully")]
    public void Connections_of_a_user_are_limited(int maximum, string answer)
    {
        _broker.Listener.Limits = new ClientLimits { MaximumConnectionsPerUser = maximum };
        DeviceClient.Connect(_broker, "d1", "meter");

        Assert.That(DeviceClient.Open(_broker, "d2", "meter").Frames(), Is.EqualTo(new[] { answer }));
    }

    [TestCase(20, true)]
    [TestCase(100, false)]
    public void Frames_are_no_larger_than_allowed(int maximum, bool closes)
    {
        _broker.Listener.Limits = new ClientLimits { MaximumPacketSizeBytes = maximum };
        DeviceClient device = DeviceClient.Connect(_broker, "d1");

        device.Uplink(new string('x', 50));

        Assert.That(device.IsClosed, Is.EqualTo(closes));
    }

    [TestCase(1L, "21 the broker is busy", 1)]
    [TestCase(0L, "20 Connect Successfully", 0)]
    public void Memory_that_is_short_refuses_devices(long limit, string answer, int reports)
    {
        using var broker = new TestBroker(options => options.Admission.MemoryLimitBytes = limit);

        Assert.That(DeviceClient.Open(broker, "d1").Frames(), Is.EqualTo(new[] { answer }));
        Assert.That(broker.Metrics.LimitsReached[(int)LimitName.Memory], Is.EqualTo(reports));
    }
}
