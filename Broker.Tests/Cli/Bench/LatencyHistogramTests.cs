using Broker.Cli.Bench;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Broker.Tests.Cli.Bench;

internal sealed class LatencyHistogramTests
{
    [Test]
    public void An_empty_histogram_has_no_percentiles() => Assert.That(new LatencyHistogram().Percentile(0.5), Is.Zero);

    [Test]
    public void Percentiles_of_known_values()
    {
        var histogram = new LatencyHistogram();
        for (int value = 1; value <= 1000; value++)
        {
            histogram.Add(value * 1000L);
        }

        Assert.That(histogram.Percentile(0.5), Is.EqualTo(500_000).Within(1.6).Percent);
        Assert.That(histogram.Percentile(0.99), Is.EqualTo(990_000).Within(1.6).Percent);
        Assert.That(histogram.Percentile(1), Is.EqualTo(1_000_000).Within(1.6).Percent);
        Assert.That(histogram.Maximum, Is.EqualTo(1_000_000));
    }

    [FsCheck.NUnit.Property]
    public Property A_single_value_is_found_again() => Prop.ForAll(
        ArbMap.Default.ArbFor<long>().Filter(static value => value >= 0),
        value =>
        {
            var histogram = new LatencyHistogram();
            histogram.Add(value);
            return Math.Abs(histogram.Percentile(0.5) - (double)value) <= value * 0.016;
        });

    [TestCase(0)]
    [TestCase(63)]
    [TestCase(64)]
    [TestCase(127)]
    [TestCase(128)]
    [TestCase(long.MaxValue)]
    public void Boundaries_have_a_bucket(long value)
    {
        var histogram = new LatencyHistogram();
        histogram.Add(value);
        Assert.That((double)histogram.Percentile(1), Is.EqualTo((double)value).Within(1.6).Percent);
    }

    [Test]
    public void A_clock_that_runs_backwards_counts_as_zero_and_clear_forgets()
    {
        var histogram = new LatencyHistogram();
        histogram.Add(-5);
        Assert.That((histogram.Count, histogram.Maximum), Is.EqualTo((1, 0)));
        histogram.Clear();
        Assert.That(histogram.Count, Is.Zero);
    }
}
