namespace Broker.Cli.Crashtest.Audit;

/// <summary>What happened in one round.</summary>
internal sealed class RoundTally
{
    private readonly long[] _violations = new long[Enum.GetValues<ViolationKind>().Length];

    /// <summary>Milliseconds from the start of the broker's process until it accepted connections.</summary>
    public int UpAfterMilliseconds { get; set; }

    /// <summary>Milliseconds from the first CONNECT to the kill; null where the broker was not killed.</summary>
    public int? KilledAfterMilliseconds { get; set; }

    /// <summary>Times that the broker was killed while it started, before this round.</summary>
    public int KilledAtStart { get; set; }

    /// <summary>Messages sent for the first time.</summary>
    public long Published { get; set; }

    /// <summary>Messages that the broker has taken responsibility for (PUBACK, PUBREC).</summary>
    public long Acknowledged { get; set; }

    /// <summary>Messages that the broker refused with an error code.</summary>
    public long Refused { get; set; }

    /// <summary>First deliveries, counted for each subscriber.</summary>
    public long Delivered { get; set; }

    /// <summary>Repeated deliveries at QoS 1, which are allowed.</summary>
    public long DuplicatesQos1 { get; set; }

    /// <summary>All promises broken.</summary>
    public long Violations => _violations.Sum();

    /// <summary>Promises broken, by kind; what was lost counts in the round that acknowledged it.</summary>
    public long this[ViolationKind kind] => _violations[(int)kind];

    public void Add(ViolationKind kind) => _violations[(int)kind]++;

    /// <summary>The sum of rounds.</summary>
    public static RoundTally Sum(IReadOnlyCollection<RoundTally> rounds)
    {
        var sum = new RoundTally
        {
            KilledAtStart = rounds.Sum(round => round.KilledAtStart),
            Published = rounds.Sum(round => round.Published),
            Acknowledged = rounds.Sum(round => round.Acknowledged),
            Refused = rounds.Sum(round => round.Refused),
            Delivered = rounds.Sum(round => round.Delivered),
            DuplicatesQos1 = rounds.Sum(round => round.DuplicatesQos1),
        };
        foreach (var kind in Enum.GetValues<ViolationKind>())
        {
            sum._violations[(int)kind] = rounds.Sum(round => round[kind]);
        }

        return sum;
    }
}
