using Broker.Core.Limits;
using NUnit.Framework;

namespace Broker.Tests.Core.Limits;

internal sealed class TokenBucketTests
{
    [Test]
    public void The_burst_is_free_and_what_comes_on_top_has_to_wait()
    {
        var bucket = new TokenBucket(perSecond: 10, burst: 5, now: 0);

        Assert.That(bucket.Take(5, now: 0), Is.Zero);
        Assert.That(bucket.Take(1, now: 0), Is.EqualTo(100));
        Assert.That(bucket.Take(1, now: 0), Is.EqualTo(200));
        Assert.That(bucket.Take(1, now: 300), Is.Zero);
    }

    [Test]
    public void A_quiet_time_fills_it_no_further_than_to_the_burst()
    {
        var bucket = new TokenBucket(perSecond: 10, burst: 5, now: 0);

        Assert.That(bucket.Take(5, now: 60_000), Is.Zero);
        Assert.That(bucket.Take(1, now: 60_000), Is.GreaterThan(0));
    }

    [TestCase(0, 10, ExpectedResult = true, TestName = "No_burst_given_means_a_second")]
    [TestCase(0, 11, ExpectedResult = false, TestName = "No_burst_given_means_no_more_than_a_second")]
    [TestCase(1, 2, ExpectedResult = true, TestName = "A_burst_is_at_least_a_fifth_of_a_second")]
    public bool Bursts(int burst, int amount) => new TokenBucket(perSecond: 10, burst, now: 0).Take(amount, now: 0) == 0;
}
