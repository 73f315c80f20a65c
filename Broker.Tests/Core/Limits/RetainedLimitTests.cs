using Broker.Configuration;
using Broker.Observability;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Core.Limits;

/// <summary>Retained messages of one client and of all.</summary>
internal sealed class RetainedLimitTests
{
    private TestBroker _broker = null!;

    [SetUp]
    public void Open() => _broker = new TestBroker();

    [TearDown]
    public void Close() => _broker.Dispose();

    [Test]
    public void A_client_has_its_number_of_messages()
    {
        _broker.Listener.Limits = new ClientLimits { MaximumRetainedMessages = 2 };
        MqttClient client = MqttClient.Connect(_broker, "c1");
        MqttClient other = MqttClient.Connect(_broker, "c2");

        Assert.That(Retain(client, "a/1"), Is.EqualTo("10"));
        Assert.That(Retain(client, "a/2"), Is.EqualTo("10"));
        Assert.That(Retain(client, "a/3"), Is.EqualTo("97"));
        Assert.That(Retain(other, "b/1"), Is.EqualTo("10"), "others have their own");
        Assert.That(Retain(client, "a/2", "changed"), Is.EqualTo("10"), "a replacement is no new one");
        Assert.That(Retain(client, "a/1", ""), Is.EqualTo("10"), "a removal is none either");
        Assert.That(Retain(client, "a/3"), Is.EqualTo("10"));
        Assert.That(Retain(client, "b/1"), Is.EqualTo("97"), "a message of another's becomes its own");
        Assert.That((_broker.Broker.Retained.Count, _broker.Metrics.LimitsReached[(int)LimitName.RetainedMessagesOfClient]), Is.EqualTo((3, 2L)));
        Assert.That(_broker.Dropped(DropReason.LimitReached), Is.EqualTo(2));
    }

    [Test]
    public void A_client_has_its_bytes()
    {
        _broker.Listener.Limits = new ClientLimits { MaximumRetainedBytes = 10 };
        MqttClient client = MqttClient.Connect(_broker, "c1");

        Assert.That((Retain(client, "a", "12345"), Retain(client, "b", "1234"), Retain(client, "b", "123")), Is.EqualTo(("10", "97", "10")));
    }

    [Test]
    public void What_was_retained_before_anybody_was_limited_counts()
    {
        _broker.Options.UserLimits["ann"] = new ClientLimits { MaximumRetainedMessages = 1 };
        Retain(MqttClient.Connect(_broker, "c1"), "a/1");

        Assert.That(Retain(MqttClient.Connect(_broker, "c1", change: static packet => packet.Username = "ann"), "a/2"), Is.EqualTo("97"));
        Assert.That(Retain(MqttClient.Connect(_broker, "c1"), "a/2"), Is.EqualTo("10"));
    }

    [TestCase(2, 0, "10", "97", LimitName.RetainedMessages)]
    [TestCase(0, 10, "10", "97", LimitName.RetainedBytes)]
    [TestCase(3, 15, "10", "10", null)]
    public void All_together_have_a_limit(int messages, int bytes, string second, string third, object? limit)
    {
        _broker.Options.Retained.MaximumMessages = messages;
        _broker.Options.Retained.MaximumBytes = bytes;

        string[] answers = [.. Enumerable.Range(1, 3).Select(i => Retain(MqttClient.Connect(_broker, $"c{i}"), $"a{i}", "123"))];

        Assert.That(answers, Is.EqualTo(new[] { "10", second, third }));
        Assert.That(limit is null ? 1 : _broker.Metrics.LimitsReached[(int)limit], Is.EqualTo(1));
    }

    [TestCase(1, 1)]
    [TestCase(2, 2)]
    public void A_Will_counts_too(int maximum, int retained)
    {
        _broker.Listener.Limits = new ClientLimits { MaximumRetainedMessages = maximum };
        MqttClient client = MqttClient.Connect(
            _broker, "c1", change: static packet => packet.Will = new WillPacket { Topic = "w"u8.ToArray(), Payload = "x"u8.ToArray(), Retain = true });
        Retain(client, "a");

        client.Connection.Vanish();

        Assert.That(_broker.Broker.Retained.Count, Is.EqualTo(retained));
    }

    [TestCase(1, 1)]
    [TestCase(2, 2)]
    public void A_devices_uplinks_count_too(int maximum, int retained)
    {
        _broker.Listener.Limits = new ClientLimits { MaximumRetainedMessages = maximum };
        _broker.Options.PrivateTcp.UplinkRetain = true;
        Retain(MqttClient.Connect(_broker, "d1"), "a");
        DeviceClient device = DeviceClient.Connect(_broker, "d1");

        device.Uplink("x");

        Assert.That(_broker.Broker.Retained.Count, Is.EqualTo(retained));
    }

    // The code of the PUBACK.
    private static string Retain(MqttClient client, string topic, string payload = "x")
    {
        client.Publish(topic, payload, Qos.AtLeastOnce, packetId: 1, retain: true);
        return client.Packets()[0]["PUBACK #1 ".Length..];
    }
}
