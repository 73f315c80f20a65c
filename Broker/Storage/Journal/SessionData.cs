using Broker.Primitives;

namespace Broker.Storage.Journal;

/// <summary>A session as the journal holds it.</summary>
internal readonly ref struct SessionData
{
    public ReadOnlySpan<byte> ClientId { get; init; }

    public bool HasUsername { get; init; }

    public ReadOnlySpan<byte> Username { get; init; }

    public ReadOnlySpan<byte> Listener { get; init; }

    public ClientProtocol Protocol { get; init; }

    public uint ExpirySeconds { get; init; }

    public bool HasWill { get; init; }

    /// <summary>The Will Message; its expiry counts from its publication on and is <see cref="WillExpirySeconds"/>.</summary>
    public MessageData Will { get; init; }

    public uint WillDelaySeconds { get; init; }

    /// <summary>Message Expiry Interval of the Will; null for none.</summary>
    public uint? WillExpirySeconds { get; init; }
}
