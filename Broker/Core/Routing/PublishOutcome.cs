namespace Broker.Core.Routing;

/// <summary>What became of a publish.</summary>
internal enum PublishOutcome : byte
{
    /// <summary>At least one session or group receives it.</summary>
    Delivered,

    /// <summary>Nobody subscribes (reason code 0x10).</summary>
    NoMatchingSubscribers,

    /// <summary>It could not be kept: a quota is used up, or the disk is full or failing. Nobody has received it.</summary>
    QuotaExceeded,
}
