using Broker.Core.Wills;

namespace Broker.Core.Sessions;

/// <summary>A client that is authenticated and wants its session.</summary>
internal readonly struct AttachRequest
{
    /// <summary>Value of <see cref="ExpirySeconds"/> for a session that never expires.</summary>
    public const uint NeverExpires = uint.MaxValue;

    /// <summary>Who it is.</summary>
    public required ClientIdentity Identity { get; init; }

    /// <summary>Clean Start: throw a stored session away [MQTT-3.1.2-4].</summary>
    public bool CleanStart { get; init; }

    /// <summary>Session Expiry Interval, in seconds; 0 ends the session with its connection.</summary>
    public uint ExpirySeconds { get; init; }

    /// <summary>Will Message; null for none.</summary>
    public Will? Will { get; init; }

    /// <summary>Messages that may wait in the session's queue; null for the broker's limit.</summary>
    public int? MaximumQueuedMessages { get; init; }

    /// <summary>Bytes that may wait there; null for the broker's limit.</summary>
    public long? MaximumQueuedBytes { get; init; }

    /// <summary>Username whose sessions are counted; null when they are not limited.</summary>
    public string? CountedUser { get; init; }
}
