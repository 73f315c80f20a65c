namespace Broker.Configuration;

/// <summary>What happens to a message for a session whose queue is full.</summary>
public enum QueueFullPolicy
{
    /// <summary>The new message is not queued.</summary>
    RejectNewest,

    /// <summary>The oldest queued message makes room.</summary>
    DropOldest,
}
