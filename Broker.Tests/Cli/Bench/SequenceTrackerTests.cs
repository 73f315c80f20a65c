using Broker.Cli.Bench;
using NUnit.Framework;

namespace Broker.Tests.Cli.Bench;

internal sealed class SequenceTrackerTests
{
    [Test]
    public void Loss_overtaking_and_repetition_are_told_apart()
    {
        var tracker = new SequenceTracker();
        uint[] arrivals = [0, 1, 4, 2, 2, 1, 5, 4];

        SequenceOutcome[] outcomes = [.. arrivals.Select(tracker.Accept)];

        Assert.That(outcomes, Is.EqualTo(new[]
        {
            SequenceOutcome.InOrder, SequenceOutcome.InOrder, SequenceOutcome.AfterGap, SequenceOutcome.Late,
            SequenceOutcome.Duplicate, SequenceOutcome.Duplicate, SequenceOutcome.InOrder, SequenceOutcome.Duplicate,
        }));
        Assert.That((tracker.Missing, tracker.Next), Is.EqualTo((1, 6u)));
    }
}
