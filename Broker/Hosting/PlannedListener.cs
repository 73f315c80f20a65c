using System.Net;
using Broker.Configuration;

namespace Broker.Hosting;

/// <summary>A listener that the broker is going to open.</summary>
internal sealed record PlannedListener(string Name, ListenerOptions Options, IReadOnlyList<IPAddress> Addresses)
{
    /// <summary>The operators' HTTP; the protocol in <see cref="Options"/> then means nothing.</summary>
    public bool IsAdmin { get; init; }

    /// <summary>Longest wait for the bytes that tell what a connection speaks.</summary>
    public TimeSpan DetectionTimeout { get; init; }
}
