using System.Text;
using Broker.Configuration;
using Broker.Core.Retained;
using Broker.Core.Timing;
using Broker.Primitives;
using Broker.Storage;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Core.Retained;

/// <summary>Expired retained messages leave without being asked for, a bounded part at a time.</summary>
internal sealed class RetainedExpiryTests
{
    private readonly ManualTimeProvider _time = new();
    private BrokerClock _clock = null!;
    private TimerWheel _wheel = null!;
    private RetainedStore _store = null!;

    [SetUp]
    public void Open()
    {
        _clock = new BrokerClock(_time);
        _wheel = new TimerWheel(_clock);
        _store = new RetainedStore(_clock, _wheel, new MemoryStore(), new RetainedOptions());
    }

    [TearDown]
    public void Close() => _wheel.Dispose();

    [Test]
    public void What_has_expired_is_gone_and_the_rest_stays()
    {
        Put("a/b", seconds: 5);
        Put("a", seconds: 60);
        Put("c");
        Advance(4);
        Assert.That(_store.Count, Is.EqualTo(3));

        Advance(2.5);
        Assert.That(_store.Count, Is.EqualTo(2));

        Advance(60);
        Assert.That((_store.Count, _store.Bytes), Is.EqualTo((1, (long)MessageOf("c").Size)));
    }

    [Test]
    public void The_last_message_of_a_topic_decides()
    {
        Put("longer", seconds: 5);
        Put("longer", seconds: 50);
        Put("for-ever", seconds: 5);
        Put("for-ever");
        Put("removed", seconds: 5);
        _store.Put(MessageOf("removed", seconds: 5, payload: ""), isDurable: false);

        Advance(10);

        Assert.That(_store.Count, Is.EqualTo(2));
    }

    [Test]
    public void There_is_no_timer_while_nothing_expires()
    {
        Put("a");
        Assert.That(_wheel.Count, Is.Zero);

        Put("b", seconds: 3);
        Put("c", seconds: 3);
        Assert.That(_wheel.Count, Is.EqualTo(1));

        Advance(6);
        Assert.That((_store.Count, _wheel.Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public void A_sweep_looks_at_a_part_and_two_minutes_of_them_at_all()
    {
        const int Many = 30_000;
        for (int number = 0; number < Many; number++)
        {
            Put($"a/{number}", seconds: number % 2 == 0 ? 1 : 1000);
        }

        Advance(2.5);
        Assert.That(_store.Count, Is.InRange(Many - 2_000, Many - 200));

        Advance(120);
        Assert.That(_store.Count, Is.EqualTo(Many / 2));
    }

    [Test]
    public void The_store_hears_of_what_has_expired_and_is_stored()
    {
        var stored = new ScriptedStore();
        _store = new RetainedStore(_clock, _wheel, stored, new RetainedOptions());
        _store.Put(MessageOf("stored", seconds: 5, "x"), isDurable: true);
        _store.Put(MessageOf("in memory", seconds: 5, "x"), isDurable: false);
        Assert.That(stored.State().Retained.Keys, Is.EqualTo(new[] { "stored" }));

        Advance(10);

        Assert.That(stored.State().Retained, Is.Empty);
        Assert.That(stored.Recorded, Is.EqualTo(2));
    }

    private static Message MessageOf(string topic, long expiresAt = Message.NeverExpires, string payload = "x") =>
        new() { Topic = Encoding.UTF8.GetBytes(topic), Payload = Encoding.UTF8.GetBytes(payload), Retain = true, ExpiresAt = expiresAt };

    private Message MessageOf(string topic, int seconds, string payload) => MessageOf(topic, _clock.Now + (seconds * 1000L), payload);

    private void Put(string topic) => _store.Put(MessageOf(topic), isDurable: false);

    private void Put(string topic, int seconds) => _store.Put(MessageOf(topic, seconds, "x"), isDurable: false);

    private void Advance(double seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));
}
