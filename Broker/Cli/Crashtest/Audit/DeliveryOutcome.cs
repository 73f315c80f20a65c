namespace Broker.Cli.Crashtest.Audit;

/// <summary>What a delivery is to a subscriber.</summary>
internal enum DeliveryOutcome
{
    /// <summary>The message arrives for the first time, after those that were sent before it.</summary>
    First,

    /// <summary>The message arrives for the first time, but a later one was here before.</summary>
    Overtaken,

    /// <summary>The message was delivered before.</summary>
    Duplicate,

    /// <summary>Nobody has sent such a message.</summary>
    NeverSent,
}
