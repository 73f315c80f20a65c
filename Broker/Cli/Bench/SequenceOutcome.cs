namespace Broker.Cli.Bench;

/// <summary>What a sequence number says about the message that carries it.</summary>
internal enum SequenceOutcome
{
    /// <summary>The next one.</summary>
    InOrder,

    /// <summary>Later than the next one: those between are missing, so far.</summary>
    AfterGap,

    /// <summary>One that was missing: it has been overtaken.</summary>
    Late,

    /// <summary>One that has arrived before.</summary>
    Duplicate,
}
