using System.Net;
using Broker.Core.Sessions;
using Broker.Primitives;

namespace Broker.Security.Acl;

/// <summary>Whom a rule is about: every condition that is set must hold; none set means everybody.</summary>
internal sealed record AclWho
{
    /// <summary>Username.</summary>
    public string? User { get; init; }

    /// <summary>ClientId.</summary>
    public string? ClientId { get; init; }

    /// <summary>Range that the client's address lies in.</summary>
    public IPNetwork? Peer { get; init; }

    /// <summary>Name of the listener.</summary>
    public string? Listener { get; init; }

    /// <summary>True for private TCP, false for MQTT.</summary>
    public bool? IsPrivateTcp { get; init; }

    /// <summary>True for clients without a Username only.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>True when the rule is about this client.</summary>
    public bool Includes(ClientIdentity client) =>
        (User is null || User == client.Username)
        && (ClientId is null || ClientId == client.ClientId)
        && (!IsAnonymous || client.Username is null)
        && (IsPrivateTcp is not { } isPrivate || isPrivate == (client.Protocol == ClientProtocol.PrivateTcp))
        && (Listener is null || string.Equals(Listener, client.Listener, StringComparison.OrdinalIgnoreCase))
        && (Peer is not { } network || IsWithin(network, client.Peer));

    private static bool IsWithin(IPNetwork network, EndPoint? peer)
    {
        if (peer is not IPEndPoint { Address: var address })
        {
            return false;
        }

        return network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
    }
}
