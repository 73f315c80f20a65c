using Broker.Configuration;
using Broker.Core.Ports;
using Broker.Observability;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Gateways.Mqtt;

/// <summary>Rates and budgets: who sends too much is read more slowly, and loses nothing.</summary>
internal sealed class RateLimitTests
{
    private TestBroker _broker = null!;
    private int _acknowledged;

    [SetUp]
    public void Open()
    {
        _broker = new TestBroker();
        _acknowledged = 0;
    }

    [TearDown]
    public void Close() => _broker.Dispose();

    [Test]
    public void Messages_above_the_rate_wait_and_none_is_lost()
    {
        _broker.Listener.Limits = new ClientLimits { MessagesPerSecond = 10, MessageBurst = 5 };
        MqttClient client = Publish(20);

        Expect(client, 6, "the burst, and the one that makes the debt");
        _broker.Time.Advance(TimeSpan.FromSeconds(1));
        ExpectAtLeast(client, 7);
        for (int tenths = 0; tenths < 30; tenths++)
        {
            _broker.Time.Advance(TimeSpan.FromMilliseconds(100));
            SpinWait.SpinUntil(() => Acknowledged(client) >= Math.Min(20, 8 + tenths), TimeSpan.FromMilliseconds(50));
        }

        ExpectAtLeast(client, 20);
        Assert.That(_broker.Metrics.LimitsReached[(int)LimitName.MessagesPerSecond], Is.GreaterThan(0));
        Assert.That(Lines("MessagesPerSecond"), Is.EqualTo(new[]
        {
            "Information c1 (user ) at 192.0.2.7:5000 on listener test has reached the limit MessagesPerSecond: it is read more slowly (0 such lines left out before)",
        }));
    }

    [TestCase(20, 0)]
    [TestCase(0, 0)]
    public void Up_to_the_burst_nobody_waits(int perSecond, int burst)
    {
        _broker.Listener.Limits = new ClientLimits { MessagesPerSecond = perSecond, MessageBurst = burst };

        Expect(Publish(20), 20, "at once");
        Assert.That(_broker.Metrics.LimitsReached.Total, Is.Zero);
    }

    [TestCase(100, false)]
    [TestCase(100_000, true)]
    public void Bytes_are_counted_too(int perSecond, bool allAtOnce)
    {
        _broker.Listener.Limits = new ClientLimits { BytesPerSecond = perSecond };

        MqttClient client = Publish(20, new string('x', 100));

        Assert.That(Acknowledged(client) == 20, Is.EqualTo(allAtOnce));
    }

    [Test]
    public void A_limit_of_the_user_wins_over_the_listeners_and_the_authenticators_over_both()
    {
        _broker.Listener.Limits = new ClientLimits { MessagesPerSecond = 1 };
        _broker.Options.UserLimits["ann"] = new ClientLimits { MessagesPerSecond = 0 };
        Expect(Publish(20, change: static packet => packet.Username = "ann"), 20, "no limit for ann");

        _broker.Authenticator.Answer = static _ =>
            ValueTask.FromResult(AuthenticationResult.Accepted with { Limits = new ClientLimits { MessagesPerSecond = 2 } });
        _acknowledged = 0;
        Expect(Publish(20, change: static packet => packet.Username = "ann"), 3, "the authenticator's");
    }

    [Test]
    public void A_pause_is_not_held_against_the_keep_alive()
    {
        _broker.Listener.Limits = new ClientLimits { BytesPerSecond = 10, ByteBurst = 100 };
        MqttClient client = Publish(2, new string('x', 300), static packet => packet.KeepAlive = 10);

        _broker.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.That(client.IsClosed, Is.False, "the broker does not read");

        for (int seconds = 0; seconds < 120 && !client.IsClosed; seconds++)
        {
            _broker.Time.Advance(TimeSpan.FromSeconds(1));
            SpinWait.SpinUntil(() => client.IsClosed, TimeSpan.FromMilliseconds(20));
        }

        Assert.That((client.IsClosed, _broker.Closed(CloseReason.KeepAliveTimeout)), Is.EqualTo((true, 1L)), "it reads and hears nothing");
    }

    [Test]
    public void The_end_of_a_connection_ends_its_pause()
    {
        _broker.Listener.Limits = new ClientLimits { BytesPerSecond = 1 };
        MqttClient client = Publish(2, new string('x', 1000));

        _broker.Broker.CloseAll(CloseReason.ServerShuttingDown);

        Assert.That(SpinWait.SpinUntil(() => client.IsClosed, TimeSpan.FromSeconds(10)));
    }

    [Test]
    public void A_used_up_budget_throttles_until_the_next_day()
    {
        _broker.Listener.Limits = new ClientLimits { BytesPerDay = 500, BudgetThrottleBytesPerSecond = 100 };
        MqttClient client = Publish(20, new string('x', 100));

        Assert.That(Acknowledged(client), Is.LessThan(10));
        Assert.That((Lines("DailyBudgetAlarm").Length, Lines("limit DailyBudget:").Length), Is.EqualTo((1, 1)));

        _broker.Time.Advance(TimeSpan.FromDays(1));
        ExpectAtLeast(client, 8);
        Assert.That(_broker.Metrics.LimitsReached[(int)LimitName.DailyBudget], Is.GreaterThan(0));
    }

    [Test]
    public void A_budget_is_the_clients_whatever_its_connections()
    {
        _broker.Listener.Limits = new ClientLimits { BytesPerDay = 500, BudgetThrottleBytesPerSecond = 1 };
        MqttClient first = Publish(5, new string('x', 100));
        Acknowledged(first);
        _acknowledged = 0;

        Expect(Publish(5, new string('x', 100)), 0, "its CONNECT alone is above");
    }

    [Test]
    public void What_a_short_connection_sends_counts_for_the_budget()
    {
        _broker.Listener.Limits = new ClientLimits { BytesPerDay = 100_000, BudgetThrottleBytesPerSecond = 1 };
        for (int connection = 0; connection < 120; connection++)
        {
            Publish(1, new string('x', 900)).Disconnect();
        }

        Assert.That(_broker.Metrics.LimitsReached[(int)LimitName.DailyBudget], Is.EqualTo(1));
    }

    [Test]
    public void A_quiet_time_gives_the_whole_burst_back()
    {
        _broker.Listener.Limits = new ClientLimits { MessagesPerSecond = 10, MessageBurst = 20 };
        MqttClient client = Publish(15);
        Expect(client, 15, "at once");
        _broker.Time.Advance(TimeSpan.FromSeconds(60));
        for (ushort packetId = 1; packetId <= 20; packetId++)
        {
            client.Publish("a", "x", Qos.AtLeastOnce, packetId);
        }

        Expect(client, 35, "at once again");
    }

    private MqttClient Publish(int count, string payload = "x", Action<ConnectPacket>? change = null)
    {
        MqttClient client = MqttClient.Open(_broker, "c1", change: change);
        for (ushort packetId = 1; packetId <= count; packetId++)
        {
            client.Publish("a", payload, Qos.AtLeastOnce, packetId);
        }

        return client;
    }

    private void Expect(MqttClient client, int count, string why) => Assert.That(Acknowledged(client), Is.EqualTo(count), why);

    private void ExpectAtLeast(MqttClient client, int count) =>
        Assert.That(SpinWait.SpinUntil(() => Acknowledged(client) >= count, TimeSpan.FromSeconds(10)), $"{count} are acknowledged");

    private int Acknowledged(MqttClient client) =>
        _acknowledged += client.Packets().Count(static packet => packet.StartsWith("PUBACK", StringComparison.Ordinal));

    private string[] Lines(string text) => [.. _broker.Log.Lines.Where(line => line.Contains(text, StringComparison.Ordinal))];
}
