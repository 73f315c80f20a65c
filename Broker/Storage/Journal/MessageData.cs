using Broker.Primitives;

namespace Broker.Storage.Journal;

/// <summary>A message as the journal holds it.</summary>
internal readonly ref struct MessageData
{
    public ReadOnlySpan<byte> Topic { get; init; }

    public ReadOnlySpan<byte> Payload { get; init; }

    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>ClientId of the publisher, UTF-8.</summary>
    public ReadOnlySpan<byte> Publisher { get; init; }

    public Qos Qos { get; init; }

    public bool Retain { get; init; }

    /// <summary>When it expires, in milliseconds since 1970; <see cref="long.MaxValue"/> for never.</summary>
    public long ExpiresAt { get; init; }
}
