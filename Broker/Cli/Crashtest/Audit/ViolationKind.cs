namespace Broker.Cli.Crashtest.Audit;

/// <summary>Promises that a broker can break.</summary>
internal enum ViolationKind
{
    /// <summary>An acknowledged message did not reach a persistent subscriber.</summary>
    Lost,

    /// <summary>A QoS 2 message was delivered again.</summary>
    DuplicateQos2,

    /// <summary>A message was delivered for the first time after a later one of its publisher and topic.</summary>
    OutOfOrder,

    /// <summary>The retained message is gone, or older than the last acknowledged one.</summary>
    RetainedLost,

    /// <summary>CONNACK had opened a session that did not expire, and the next one knows nothing of it.</summary>
    SessionLost,

    /// <summary>The session is there, but not a subscription that SUBACK had confirmed.</summary>
    SubscriptionLost,

    /// <summary>A payload that nobody has sent, or on a topic that was not subscribed to.</summary>
    Corrupted,
}
