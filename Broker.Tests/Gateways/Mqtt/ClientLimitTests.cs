using Broker.Configuration;
using Broker.Core.Ports;
using Broker.Observability;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Gateways.Mqtt;

/// <summary>What one client may use: each limit refuses what is above and lets through what is not.</summary>
internal sealed class ClientLimitTests
{
    private TestBroker _broker = null!;

    [SetUp]
    public void Open() => _broker = new TestBroker();

    [TearDown]
    public void Close() => _broker.Dispose();

    [Test]
    public void CONNACK_announces_what_holds_for_this_client()
    {
        _broker.Listener.Limits = new ClientLimits { MaximumPacketSizeBytes = 5000, ReceiveMaximum = 7, MaximumQos = 1, MaximumKeepAliveSeconds = 60 };
        _broker.Options.UserLimits["ann"] = new ClientLimits { RetainAvailable = false, WildcardSubscriptionAvailable = false, ReceiveMaximum = 9 };
        _broker.Authenticator.Answer = static request => ValueTask.FromResult(
            AuthenticationResult.Accepted with { Limits = request.Username is null ? null : new ClientLimits { SharedSubscriptionAvailable = false } });

        ConnAckPacket anyone = MqttClient.Open(_broker, "c1").ConnAck();
        ConnAckPacket ann = MqttClient.Open(_broker, "c2", change: static packet => packet.Username = "ann").ConnAck();

        Assert.That(
            (anyone.MaximumPacketSize, anyone.ReceiveMaximum, anyone.MaximumQos, anyone.ServerKeepAlive, anyone.RetainAvailable),
            Is.EqualTo(((uint?)5000, (ushort?)7, (Qos?)Qos.AtLeastOnce, (ushort?)60, (bool?)null)));
        Assert.That(
            (ann.MaximumPacketSize, ann.ReceiveMaximum, ann.MaximumQos, ann.RetainAvailable, ann.WildcardSubscriptionAvailable, ann.SharedSubscriptionAvailable),
            Is.EqualTo(((uint?)5000, (ushort?)9, (Qos?)Qos.AtLeastOnce, (bool?)false, (bool?)false, (bool?)false)));
    }

    [TestCase(30, 60, 10, 30)]
    [TestCase(30, 60, 100, 60)]
    [TestCase(30, 60, 0, 60)]
    [TestCase(30, 60, 45, null)]
    [TestCase(30, 0, 0, null)]
    public void The_keep_alive_is_kept_within_its_bounds(int shortest, int longest, int asked, int? granted)
    {
        _broker.Listener.Limits = new ClientLimits { MinimumKeepAliveSeconds = shortest, MaximumKeepAliveSeconds = longest };

        Assert.That(MqttClient.Open(_broker, "c1", change: packet => packet.KeepAlive = (ushort)asked).ConnAck().ServerKeepAlive, Is.EqualTo((ushort?)granted));
    }

    [TestCase(0, 10, 100, 15.2, true)]
    [TestCase(0, 10, 0, 15.2, true)]
    [TestCase(0, 10, 100, 14.9, false)]
    [TestCase(0, 0, 100, 149, false)]
    [TestCase(0, 0, 0, 1000, false)]
    [TestCase(60, 0, 10, 15.2, true)]
    public void A_client_that_cannot_be_told_is_closed_when_it_is_silent_for_longer_than_the_longest_keep_alive(
        int shortest, int longest, int asked, double silent, bool isClosed)
    {
        _broker.Listener.Limits = new ClientLimits { MinimumKeepAliveSeconds = shortest, MaximumKeepAliveSeconds = longest };
        MqttClient client = MqttClient.Open(_broker, "c1", MqttVersion.V311, change: packet => packet.KeepAlive = (ushort)asked);

        _broker.Time.Advance(TimeSpan.FromSeconds(silent));

        Assert.That(client.IsClosed, Is.EqualTo(isClosed));
    }

    [TestCase(MqttVersion.V5, "SUBACK 97")]
    [TestCase(MqttVersion.V311, "SUBACK 80")]
    public void Subscriptions_above_the_maximum_are_refused(object version, string refusal)
    {
        _broker.Listener.Limits = new ClientLimits { MaximumSubscriptions = 2 };
        MqttClient client = MqttClient.Connect(_broker, "c1", (MqttVersion)version);

        foreach (string filter in (string[])["a", "b", "c", "b"])
        {
            client.Subscribe(filter);
        }

        Assert.That(client.Packets(), Is.EqualTo(new[] { "SUBACK 00", "SUBACK 00", refusal, "SUBACK 00" }), "one that replaces another is not above");
        client.Unsubscribe("a");
        client.Subscribe("c");
        Assert.That(client.Packets()[1], Is.EqualTo("SUBACK 00"));
        ExpectReport(LimitName.Subscriptions, 1);
    }

    [TestCase("ab/cd", "PUBACK #1 10", "SUBACK 00", 0)]
    [TestCase("ab/cde", "PUBACK #1 90", "SUBACK 8f", 2)]
    public void Topics_are_no_longer_than_allowed(string topic, string published, string subscribed, int reports)
    {
        _broker.Listener.Limits = new ClientLimits { MaximumTopicBytes = 5 };
        MqttClient client = MqttClient.Connect(_broker, "c1");

        client.Publish(topic, "x", Qos.AtLeastOnce, packetId: 1);
        client.Subscribe(topic);

        Assert.That(client.Packets(), Is.EqualTo(new[] { published, subscribed }));
        ExpectReport(LimitName.TopicBytes, reports);
    }

    [TestCase("a/b", "PUBACK #1 10", "SUBACK 00", 0)]
    [TestCase("a/b/c", "PUBACK #1 90", "SUBACK 8f", 2)]
    public void Topics_have_no_more_levels_than_allowed(string topic, string published, string subscribed, int reports)
    {
        _broker.Listener.Limits = new ClientLimits { MaximumTopicLevels = 2 };
        MqttClient client = MqttClient.Connect(_broker, "c1");

        client.Publish(topic, "x", Qos.AtLeastOnce, packetId: 1);
        client.Subscribe(topic);

        Assert.That(client.Packets(), Is.EqualTo(new[] { published, subscribed }));
        ExpectReport(LimitName.TopicLevels, reports);
    }

    [TestCase(100, "PUBACK #1 10", 0)]
    [TestCase(20, "DISCONNECT 95", 1)]
    public void Packets_are_no_larger_than_allowed(int maximum, string answer, int reports)
    {
        _broker.Listener.Limits = new ClientLimits { MaximumPacketSizeBytes = maximum };
        MqttClient client = MqttClient.Connect(_broker, "c1");

        client.Publish("a", new string('x', 50), Qos.AtLeastOnce, packetId: 1);

        Assert.That(client.Packets(), Is.EqualTo(new[] { answer }));
        ExpectReport(LimitName.PacketSize, reports);
    }

    [TestCase(MqttVersion.V5, 1, "DISCONNECT 9b", true, 1)]
    [TestCase(MqttVersion.V311, 1, "", true, 1)]
    [TestCase(MqttVersion.V5, 2, "PUBREC #1 10", false, 0)]
    public void QoS_is_no_higher_than_allowed(object version, int maximum, string answer, bool closes, int reports)
    {
        _broker.Listener.Limits = new ClientLimits { MaximumQos = maximum };
        MqttClient client = MqttClient.Connect(_broker, "c1", (MqttVersion)version);

        client.Publish("a", "x", Qos.ExactlyOnce, packetId: 1);

        Assert.That((string.Join(", ", client.Packets()), client.IsClosed), Is.EqualTo((answer, closes)));
        ExpectReport(LimitName.Qos, reports);
    }

    [TestCase(false, "DISCONNECT 9a", 1)]
    [TestCase(true, "PUBACK #1 10", 0)]
    public void RETAIN_needs_permission(bool allowed, string answer, int reports)
    {
        _broker.Listener.Limits = new ClientLimits { RetainAvailable = allowed };
        MqttClient client = MqttClient.Connect(_broker, "c1");

        client.Publish("a", "x", Qos.AtLeastOnce, packetId: 1, retain: true);

        Assert.That(client.Packets(), Is.EqualTo(new[] { answer }));
        ExpectReport(LimitName.Retain, reports);
    }

    [TestCase(true, 0, "CONNACK 9b")]
    [TestCase(false, 0, "CONNACK 9a")]
    [TestCase(true, 2, "CONNACK 00")]
    public void A_Will_is_held_to_the_same(bool retainAvailable, int maximumQos, string answer)
    {
        _broker.Listener.Limits = new ClientLimits { RetainAvailable = retainAvailable, MaximumQos = maximumQos };

        MqttClient client = MqttClient.Open(_broker, "c1", change: packet => packet.Will = new WillPacket
        {
            Topic = "w"u8.ToArray(),
            Qos = retainAvailable ? Qos.AtLeastOnce : Qos.AtMostOnce,
            Retain = true,
        });

        Assert.That(client.Packets(), Is.EqualTo(new[] { answer }));
    }

    [TestCase("a/#", "SUBACK a2", LimitName.WildcardSubscription)]
    [TestCase("$share/g/a", "SUBACK 9e", LimitName.SharedSubscription)]
    [TestCase("a", "SUBACK 00", null)]
    public void Wildcard_and_shared_subscriptions_need_permission(string filter, string answer, object? limit)
    {
        _broker.Listener.Limits = new ClientLimits { WildcardSubscriptionAvailable = false, SharedSubscriptionAvailable = false };
        _broker.Options.UserLimits["ann"] = new ClientLimits { WildcardSubscriptionAvailable = true, SharedSubscriptionAvailable = true };
        MqttClient client = MqttClient.Connect(_broker, "c1");
        MqttClient ann = MqttClient.Connect(_broker, "c2", change: static packet => packet.Username = "ann");

        client.Subscribe(filter);
        ann.Subscribe(filter);

        Assert.That((client.Packets()[0], ann.Packets()[0]), Is.EqualTo((answer, "SUBACK 00")));
        Assert.That(_broker.Metrics.LimitsReached.Total, Is.EqualTo(limit is null ? 0 : 1));
    }

    [Test]
    public void Connections_of_a_user_are_limited_and_places_are_given_back()
    {
        _broker.Listener.Limits = new ClientLimits { MaximumConnectionsPerUser = 2 };
        MqttClient first = Connect("c1", "ann");
        Connect("c2", "ann");

        Assert.That(Answer("c3", "ann"), Is.EqualTo("CONNACK 97"));
        Assert.That(Answer("c3", "ann", MqttVersion.V311), Is.EqualTo("CONNACK 03"));
        Assert.That(Answer("c3", "bob"), Is.EqualTo("CONNACK 00"));
        Assert.That(Answer("c2", "ann"), Is.EqualTo("CONNACK 00"), "who takes over its own connection needs no other place");
        first.Disconnect();
        Assert.That(Answer("c4", "ann"), Is.EqualTo("CONNACK 00"));
        ExpectReport(LimitName.ConnectionsPerUser, 2);
        Assert.That(_broker.Broker.Limits.Connections.Of("ann"), Is.EqualTo(2));
    }

    [Test]
    public void Sessions_of_a_user_are_limited_and_end_with_their_expiry()
    {
        _broker.Listener.Limits = new ClientLimits { MaximumSessionsPerUser = 1 };
        Connect("c1", "ann", expiry: 60).Disconnect();

        Assert.That(Answer("c2", "ann"), Is.EqualTo("CONNACK 97"));
        MqttClient again = MqttClient.Open(_broker, "c1", clean: false, change: static packet => (packet.Username, packet.SessionExpiryInterval) = ("ann", 60));
        Assert.That(again.Packets(), Is.EqualTo(new[] { "CONNACK 00 present" }), "its own");
        again.Disconnect();
        _broker.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.That(Answer("c2", "ann"), Is.EqualTo("CONNACK 00"));
    }

    [TestCase(1, "CONNACK 89")]
    [TestCase(2, "CONNACK 00")]
    [TestCase(0, "CONNACK 00")]
    public void Sessions_of_the_broker_are_limited(int maximum, string answer)
    {
        _broker.Options.Sessions.MaximumSessions = maximum;
        Connect("c1", "ann");

        Assert.That(Answer("c2", "bob"), Is.EqualTo(answer));
        Assert.That(Answer("c1", "ann"), Is.EqualTo("CONNACK 00"), "it has one");
    }

    [TestCase(2, null, 2)]
    [TestCase(null, 4L, 2)]
    [TestCase(9, 900L, 5)]
    public void A_sessions_queue_is_limited(int? messages, long? bytes, int delivered)
    {
        _broker.Listener.Limits = new ClientLimits { MaximumQueuedMessages = messages, MaximumQueuedBytes = bytes };
        Connect("c1", "ann", expiry: 60).Subscribed("a", Qos.AtLeastOnce).Disconnect();
        for (int i = 0; i < 5; i++)
        {
            _broker.Publish("a", "x", Qos.AtLeastOnce);
        }

        MqttClient again = MqttClient.Open(_broker, "c1", clean: false, change: static packet => (packet.Username, packet.SessionExpiryInterval) = ("ann", 60));

        Assert.That(again.Packets(), Has.Length.EqualTo(1 + delivered));
    }

    [TestCase(1, 2)]
    [TestCase(null, 5)]
    public void Deliveries_in_flight_are_limited(int? maximum, int packets)
    {
        _broker.Listener.Limits = new ClientLimits { MaximumInflight = maximum };
        MqttClient client = Connect("c1", "ann").Subscribed("a", Qos.AtLeastOnce);
        for (int i = 0; i < 5; i++)
        {
            _broker.Publish("a", "x", Qos.AtLeastOnce);
        }

        string[] first = client.Packets();
        client.Acknowledge(PacketType.PubAck, 1);

        Assert.That(first.Length + client.Packets().Length, Is.EqualTo(packets));
    }

    [Test]
    public void Memory_that_is_short_refuses_new_clients()
    {
        using var poor = new TestBroker(static options => options.Admission.MemoryLimitBytes = 1);

        Assert.That(MqttClient.Open(poor, "c1").Packets(), Is.EqualTo(new[] { "CONNACK 89" }));
        Assert.That(MqttClient.Open(poor, "c1", MqttVersion.V311).Packets(), Is.EqualTo(new[] { "CONNACK 03" }));
        Assert.That(poor.Metrics.LimitsReached[(int)LimitName.Memory], Is.EqualTo(2));
        Assert.That(Answer("c1", "ann"), Is.EqualTo("CONNACK 00"), "where there is enough");
    }

    [Test]
    public void CONNECTs_above_the_budget_wait_and_are_told_when_that_takes_too_long()
    {
        using var slow = new TestBroker(static options =>
        {
            options.Admission.ConnectsPerSecond = 1;
            options.Admission.ConnectsWaiting = 1;
        });
        MqttClient first = MqttClient.Open(slow, "c1");
        MqttClient second = MqttClient.Open(slow, "c2");
        MqttClient third = MqttClient.Open(slow, "c3", MqttVersion.V311);
        Assert.That(
            (first.Packets()[0], second.Packets().Length, third.Packets()[0]),
            Is.EqualTo(("CONNACK 00", 0, "CONNACK 03")));

        slow.Time.Advance(TimeSpan.FromSeconds(1.2));

        string[] packets = [];
        Assert.That(SpinWait.SpinUntil(() => (packets = second.Packets()).Length > 0, TimeSpan.FromSeconds(10)));
        Assert.That(packets, Is.EqualTo(new[] { "CONNACK 00" }));
        Assert.That(slow.Metrics.LimitsReached[(int)LimitName.Connects], Is.EqualTo(1));
    }

    private MqttClient Connect(string clientId, string user, uint expiry = 0) => MqttClient.Connect(
        _broker, clientId, change: packet => (packet.Username, packet.SessionExpiryInterval) = (user, expiry));

    private string Answer(string clientId, string user, MqttVersion version = MqttVersion.V5) =>
        string.Join(", ", MqttClient.Open(_broker, clientId, version, change: packet => packet.Username = user).Packets());

    // Each has its line, with who it is and the limit's name, and its counter.
    private void ExpectReport(LimitName limit, int times)
    {
        string[] lines = [.. _broker.Log.Lines.Where(line => line.Contains($"has reached the limit {limit}:", StringComparison.Ordinal))];
        Assert.That((lines.Length, _broker.Metrics.LimitsReached[(int)limit]), Is.EqualTo((times, (long)times)));
        Assert.That(lines, Has.All.Match(@"^Information c\d \(user .*\) at 192\.0\.2\.7:5000 on listener test has reached"));
    }
}
