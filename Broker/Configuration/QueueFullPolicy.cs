namespace Broker.Configuration;

/// <summary>What happens to a message for a session whose queue is full.</summary>
public enum QueueFullPolicy
{
    /// <summary>The new message is not queued.</summary>
    RejectNewest,

    /// <summary>The oldest queued message makes room.</summary>
    DropOldest,

    /// <summary>Messages at QoS 0 make room for those at QoS 1 and 2, oldest first; when none is left, the new message is not queued.</summary>
    DropQos0First,
}
