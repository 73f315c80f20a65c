using Broker.Primitives;

namespace Broker.Storage.Journal;

/// <summary>The terms of a delivery as the journal holds them.</summary>
internal readonly ref struct TermsData
{
    public Qos Qos { get; init; }

    public bool Retain { get; init; }

    /// <summary>Subscription Identifiers, four bytes each, little endian.</summary>
    public ReadOnlySpan<byte> Identifiers { get; init; }

    /// <summary>Full filter of the shared group that chose the session; empty for a subscription of its own.</summary>
    public ReadOnlySpan<byte> Group { get; init; }
}
