namespace Broker.Cli.Bench;

/// <summary>Knows which messages of one topic a receiver has had.</summary>
internal sealed class SequenceTracker
{
    private HashSet<uint>? _missing;

    /// <summary>The sequence number that comes next when nothing is lost.</summary>
    public uint Next { get; private set; }

    /// <summary>Messages that were overtaken and have not arrived.</summary>
    public int Missing => _missing?.Count ?? 0;

    /// <summary>A message arrives. After a gap, those from the old <see cref="Next"/> up to it are missing.</summary>
    public SequenceOutcome Accept(uint sequence)
    {
        if (sequence == Next)
        {
            Next++;
            return SequenceOutcome.InOrder;
        }

        if (sequence < Next)
        {
            return _missing?.Remove(sequence) == true ? SequenceOutcome.Late : SequenceOutcome.Duplicate;
        }

        _missing ??= [];
        for (; Next < sequence; Next++)
        {
            _missing.Add(Next);
        }

        Next++;
        return SequenceOutcome.AfterGap;
    }
}
