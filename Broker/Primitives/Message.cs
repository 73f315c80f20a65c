namespace Broker.Primitives;

/// <summary>
/// A message that outlives the batch it arrived in: queued, in flight, retained, a Will. Immutable and shared by all who hold it;
/// the garbage collector counts for us. Messages that do not outlive their batch never become one.
/// </summary>
public sealed class Message
{
    /// <summary>Topic Name, UTF-8.</summary>
    public required ReadOnlyMemory<byte> Topic { get; init; }

    /// <summary>Application Message.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>
    /// The PUBLISH properties that travel with the message (Payload Format Indicator, Content Type, Response Topic, Correlation Data,
    /// User Properties) in MQTT 5.0 encoding, in the publisher's order; without Message Expiry Interval, Topic Alias, Subscription Identifier.
    /// </summary>
    public ReadOnlyMemory<byte> Properties { get; init; }

    /// <summary>QoS it was published with.</summary>
    public Qos Qos { get; init; }

    /// <summary>RETAIN flag it was published with.</summary>
    public bool Retain { get; init; }

    /// <summary>When the message expires, in milliseconds of the broker's monotonic clock; <see cref="NeverExpires"/> for never.</summary>
    public long ExpiresAt { get; init; } = NeverExpires;

    /// <summary>ClientId of the publisher; empty for the broker itself.</summary>
    public string Publisher { get; init; } = "";

    /// <summary>Key of the message in the store, once it is there on its own; 0 before. The store's business.</summary>
    internal long StoreKey { get; set; }

    /// <summary>Value of <see cref="ExpiresAt"/> for a message without Message Expiry Interval.</summary>
    public const long NeverExpires = long.MaxValue;

    /// <summary>The same message with another expiry.</summary>
    internal Message WithExpiry(long expiresAt) => expiresAt == ExpiresAt ? this : new Message
    {
        Topic = Topic,
        Payload = Payload,
        Properties = Properties,
        Qos = Qos,
        Retain = Retain,
        ExpiresAt = expiresAt,
        Publisher = Publisher,
    };

    /// <summary>What the message counts against byte limits: topic, properties and payload.</summary>
    public int Size => Topic.Length + Properties.Length + Payload.Length;
}
