using Broker.Core.Sessions;
using Broker.Core.Wills;

namespace Broker.Core.Ports;

/// <summary>A session as it was stored.</summary>
internal sealed class StoredSession
{
    /// <summary>Its key in the store.</summary>
    public required long Key { get; init; }

    /// <summary>Who was attached last; without the address.</summary>
    public required ClientIdentity Identity { get; init; }

    /// <summary>Session Expiry Interval, in seconds.</summary>
    public required uint ExpirySeconds { get; init; }

    /// <summary>When its connection ended, on the broker's clock (negative: before this process began). For one that was connected when the process ended: the last time the store knows.</summary>
    public required long DetachedAt { get; init; }

    /// <summary>Will that has not been published; null for none.</summary>
    public Will? Will { get; init; }

    /// <summary>Subscriptions.</summary>
    public required IReadOnlyList<StoredSubscription> Subscriptions { get; init; }

    /// <summary>Packet Identifiers of QoS 2 publishes that were received and not released.</summary>
    public required IReadOnlyList<ushort> Received { get; init; }

    /// <summary>Sequences of QoS 2 deliveries that wait for PUBCOMP only, rising.</summary>
    public required IReadOnlyList<long> Released { get; init; }

    /// <summary>Queued messages, those not acknowledged included, without the released ones.</summary>
    public required int QueuedCount { get; init; }

    /// <summary>Their bytes, as <see cref="Primitives.Message.Size"/> counts them.</summary>
    public required long QueuedBytes { get; init; }

    /// <summary>The highest sequence that was ever used, or reserved.</summary>
    public required long LastSequence { get; init; }
}
