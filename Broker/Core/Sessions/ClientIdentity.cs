using System.Net;
using Broker.Core.Ports;
using Broker.Primitives;

namespace Broker.Core.Sessions;

/// <summary>Who an authenticated client is: what rules, logs and metrics refer to.</summary>
/// <param name="ClientId">ClientId, assigned by the broker where the client gave none.</param>
/// <param name="Username">Username after authentication; null for anonymous.</param>
/// <param name="Protocol">What the client speaks.</param>
/// <param name="Listener">Name of the listener.</param>
/// <param name="Peer">Address of the client.</param>
public sealed record ClientIdentity(string ClientId, string? Username, ClientProtocol Protocol, string Listener, EndPoint? Peer)
{
    /// <summary>Access rules and claims that its authentication found; null for none.</summary>
    public ClientGrants? Grants { get; init; }

    /// <summary>The broker itself: publishes without rules and has no session.</summary>
    public static ClientIdentity Internal { get; } = new("", null, ClientProtocol.Internal, "", null);
}
