using Broker.Observability;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Conformance;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Gateways.Mqtt;

/// <summary>More retained messages than a client can take at once: they follow as it takes them, and none is lost.</summary>
internal sealed class RetainedReplayTests
{
    private const int Topics = 5000;

    private TestBroker _broker = null!;

    [SetUp]
    public void Open() => _broker = new TestBroker(static options =>
    {
        options.Sessions.MaximumPendingBytes = 16 * 1024;
        options.Sessions.MaximumQueuedMessages = 40;
        options.Mqtt.MaximumInflight = 20;
    });

    [TearDown]
    public void Close() => _broker.Dispose();

    [Test]
    public void A_slow_reader_gets_all_at_QoS_0()
    {
        Retain(Qos.AtMostOnce);
        MqttClient client = Connect(outputLimit: 4096);

        client.Subscribe("r/#");

        Assert.That(PublishesUntil(client, Topics), Is.EquivalentTo(Enumerable.Range(0, Topics).Select(static index => $"PUBLISH r/{index % 70}/{index} old retain")));
        Assert.That(Lost, Is.Zero);
    }

    [Test]
    public void A_client_gets_all_at_QoS_1_whatever_its_window_and_its_queue()
    {
        Retain(Qos.AtLeastOnce);
        MqttClient client = Connect();

        client.Subscribe("r/#", new SubscriptionOptions { Qos = Qos.AtLeastOnce });

        string[] got = PublishesUntil(client, Topics, acknowledge: true);
        Assert.That(got.Select(static packet => packet.Split(' ')[1]).Distinct().Count(), Is.EqualTo(Topics));
        Assert.That(Lost, Is.Zero);
    }

    [Test]
    public void A_turn_is_bounded_and_comes_behind_the_SUBACK_MQTT_3_8_4_4()
    {
        _broker.Options.Sessions.MaximumPendingBytes = 1024 * 1024;
        Retain(Qos.AtMostOnce);
        MqttClient client = Connect();

        string[] first;
        lock (_broker.Broker.Sessions.All.Single()) // the next turn waits
        {
            client.Subscribe("r/#");
            first = client.Packets();
        }

        Assert.That(first[0], Is.EqualTo("SUBACK 00"));
        Assert.That(first, Has.Length.GreaterThan(500).And.Length.LessThan(1100));
        Assert.That(PublishesUntil(client, Topics - first.Length + 1), Has.Length.EqualTo(Topics - first.Length + 1));
    }

    [Test]
    public void What_comes_meanwhile_is_not_lost()
    {
        Retain(Qos.AtMostOnce);
        MqttClient client = Connect(outputLimit: 4096);
        client.Subscribe("r/#");
        client.Subscribe("live");

        _broker.Publish("live", "x");

        Assert.That(PublishesUntil(client, Topics + 1), Has.One.EqualTo("PUBLISH live x"));
    }

    [Test]
    public void A_message_that_was_replaced_meanwhile_is_not_sent_after_the_new_one()
    {
        Retain(Qos.AtMostOnce);
        MqttClient client = Connect(outputLimit: 4096);
        client.Subscribe("r/#");

        for (int index = 0; index < Topics; index += 10)
        {
            _broker.Publish($"r/{index % 70}/{index}", "new", retain: true);
        }

        string[] got = PublishesUntil(client, Topics);
        Assert.That(got.GroupBy(static packet => packet.Split(' ')[1]).Where(static topic => topic.SkipWhile(IsOld).Any(IsOld)), Is.Empty);
        Assert.That(got.Count(static packet => packet.EndsWith("new retain", StringComparison.Ordinal)), Is.GreaterThan(Topics / 20), "most had not been sent before");

        static bool IsOld(string packet) => packet.Contains(" old", StringComparison.Ordinal);
    }

    [Test]
    public void A_queue_that_is_in_use_takes_a_few_and_loses_none()
    {
        Retain(Qos.AtLeastOnce);
        MqttClient client = Connect().Subscribed("live", Qos.AtLeastOnce);
        for (int index = 0; index < 21; index++)
        {
            _broker.Publish("live", "x", Qos.AtLeastOnce); // the last one has to wait
        }

        client.Subscribe("r/#", new SubscriptionOptions { Qos = Qos.AtLeastOnce });

        Assert.That(PublishesUntil(client, Topics + 21, acknowledge: true), Has.Length.EqualTo(Topics + 21));
        Assert.That(Lost, Is.Zero);
    }

    [Test]
    public void UNSUBSCRIBE_ends_it_MQTT_3_10_4_2()
    {
        Retain(Qos.AtLeastOnce);
        MqttClient client = Connect();
        client.Subscribe("r/#", new SubscriptionOptions { Qos = Qos.AtLeastOnce });

        client.Unsubscribe("r/#");

        Assert.That(PublishesUntil(client, Topics, acknowledge: true, patienceSeconds: 0), Has.Length.LessThanOrEqualTo(20 + 40), "in flight and in the queue");
    }

    [Test]
    public void A_resumed_session_gets_the_rest()
    {
        Retain(Qos.AtLeastOnce);
        MqttClient client = Connect();
        client.Subscribe("r/#", new SubscriptionOptions { Qos = Qos.AtLeastOnce });
        string[] first = PublishesUntil(client, 1000, acknowledge: true);
        client.Disconnect();

        MqttClient back = MqttClient.Open(_broker, "c", clean: false);
        string[] rest = PublishesUntil(back, Topics - first.Length, acknowledge: true);

        Assert.That(first.Concat(rest).Select(static packet => packet.Split(' ')[1]).Distinct().Count(), Is.EqualTo(Topics));
        Assert.That(Lost, Is.Zero);
    }

    [Test]
    [Statement("5.0", "MQTT-3.3.2-5")]
    public void What_has_expired_since_the_last_sweep_is_not_sent()
    {
        MqttClient publisher = MqttClient.Connect(_broker, "publisher");
        publisher.Publish("kept", "x", retain: true, expiry: 60); // sweeps begin here, one a second
        _broker.Time.Advance(TimeSpan.FromSeconds(0.5));
        publisher.Publish("a", "x", retain: true, expiry: 1);
        publisher.Publish("a/b", "x", retain: true, expiry: 1);

        MqttClient early = MqttClient.Connect(_broker, "early");
        early.Subscribe("#");
        Assert.That(early.Packets(), Has.Length.EqualTo(4), "SUBACK and all three");

        _broker.Time.Advance(TimeSpan.FromSeconds(1.1));
        MqttClient late = MqttClient.Connect(_broker, "late");
        late.Subscribe("#");
        Assert.That(late.Packets(), Is.EqualTo(new[] { "SUBACK 00", "PUBLISH kept x retain expiry=59" }));
        Assert.That(_broker.Broker.Retained.Count, Is.EqualTo(3), "the sweep has not come to them");
    }

    private long Lost => _broker.Dropped(DropReason.QueueFull) + _broker.Dropped(DropReason.SlowConsumer);

    private void Retain(Qos qos)
    {
        for (int index = 0; index < Topics; index++)
        {
            _broker.Publish($"r/{index % 70}/{index}", "old", qos, retain: true);
        }
    }

    private MqttClient Connect(int outputLimit = 0) =>
        MqttClient.Connect(_broker, "c", change: static packet => packet.SessionExpiryInterval = 100, outputLimit: outputLimit);

    // Publishes that arrive, until so many have or nothing more comes.
    private static string[] PublishesUntil(MqttClient client, int count, bool acknowledge = false, int patienceSeconds = 10)
    {
        List<string> got = [];
        for (string[] packets = Next(client, patienceSeconds); packets.Length > 0; packets = got.Count < count ? Next(client, patienceSeconds) : [])
        {
            foreach (string packet in packets.Where(static packet => packet.StartsWith("PUBLISH", StringComparison.Ordinal)))
            {
                got.Add(packet);
                if (acknowledge)
                {
                    client.Acknowledge(PacketType.PubAck, ushort.Parse(packet.Split('#')[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture));
                }
            }
        }

        return [.. got];
    }

    private static string[] Next(MqttClient client, int patienceSeconds)
    {
        string[] packets = [];
        SpinWait.SpinUntil(() => (packets = client.Packets()).Length > 0, TimeSpan.FromSeconds(patienceSeconds));
        return packets;
    }
}
