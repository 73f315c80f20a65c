namespace Broker.Observability;

/// <summary>Why a message did not reach a receiver. Label of `broker_messages_dropped_total`.</summary>
internal enum DropReason
{
    /// <summary>The session's queue is full.</summary>
    QueueFull,

    /// <summary>Too many bytes wait for the client's socket.</summary>
    SlowConsumer,

    /// <summary>Larger than the client's Maximum Packet Size, or not expressible in its protocol.</summary>
    TooLarge,

    /// <summary>The Message Expiry Interval has passed.</summary>
    Expired,

    /// <summary>QoS 0, and the receiver is offline.</summary>
    Offline,

    /// <summary>The publisher may not publish to this topic, or the receiver not receive it.</summary>
    NotAuthorized,

    /// <summary>It has to be stored, and the disk is full or failing.</summary>
    QuotaExceeded,

    /// <summary>The publisher, or the broker, has reached a limit.</summary>
    LimitReached,

    /// <summary>The queues of all sessions together hold as much as they may.</summary>
    AllQueuesFull,
}
