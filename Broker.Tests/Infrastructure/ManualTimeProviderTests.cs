using NUnit.Framework;

namespace Broker.Tests.Infrastructure;

internal sealed class ManualTimeProviderTests
{
    [Test]
    public void Timers_fire_in_the_order_they_are_due_and_see_their_own_time()
    {
        var time = new ManualTimeProvider();
        DateTimeOffset start = time.GetUtcNow();
        var fired = new List<(string, TimeSpan)>();
        using ITimer late = time.CreateTimer(
            _ => fired.Add(("late", time.GetUtcNow() - start)), null, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        using ITimer periodic = time.CreateTimer(
            _ => fired.Add(("periodic", time.GetUtcNow() - start)), null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));

        time.Advance(TimeSpan.FromSeconds(5));

        Assert.That(fired, Is.EqualTo(new[]
        {
            ("periodic", TimeSpan.FromSeconds(2)), ("periodic", TimeSpan.FromSeconds(4)), ("late", TimeSpan.FromSeconds(5)),
        }));
        Assert.That(time.GetUtcNow() - start, Is.EqualTo(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public void A_cancellation_source_with_this_clock_cancels_at_its_time()
    {
        var time = new ManualTimeProvider();
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(3), time);

        time.Advance(TimeSpan.FromSeconds(2.9));
        bool early = source.IsCancellationRequested;
        time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.That((early, source.IsCancellationRequested), Is.EqualTo((false, true)));
    }
}
