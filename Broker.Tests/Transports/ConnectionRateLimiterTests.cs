using Broker.Tests.Infrastructure;
using Broker.Transports;
using NUnit.Framework;

namespace Broker.Tests.Transports;

internal sealed class ConnectionRateLimiterTests
{
    [Test]
    public void A_second_of_connections_may_come_at_once_and_the_others_are_paced()
    {
        var time = new ManualTimeProvider();
        var limiter = new ConnectionRateLimiter(10, time);

        Assert.That(Enumerable.Range(0, 10).All(_ => limiter.TryAcquire(out TimeSpan _)), Is.True);
        bool eleventh = limiter.TryAcquire(out TimeSpan retryAfter);
        time.Advance(retryAfter);
        bool later = limiter.TryAcquire(out _);
        bool next = limiter.TryAcquire(out _);

        Assert.That(retryAfter, Is.EqualTo(TimeSpan.FromMilliseconds(100)));
        Assert.That((eleventh, later, next), Is.EqualTo((false, true, false)));
    }

    [Test]
    public void Idle_time_saves_no_more_than_a_second()
    {
        var time = new ManualTimeProvider();
        var limiter = new ConnectionRateLimiter(3, time);
        time.Advance(TimeSpan.FromHours(1));
        Assert.That(Enumerable.Range(0, 10).Count(_ => limiter.TryAcquire(out TimeSpan _)), Is.EqualTo(3));
    }

    [Test]
    public void Zero_means_no_limit()
    {
        var limiter = new ConnectionRateLimiter(0, new ManualTimeProvider());
        Assert.That(Enumerable.Range(0, 5000).All(_ => limiter.TryAcquire(out TimeSpan _)), Is.True);
    }
}
