using System.Collections.Frozen;
using System.Net;
using Broker.Configuration;
using Broker.Core.Ports;

namespace Broker.Security;

/// <summary>Who is banned, by ClientId, user and address.</summary>
internal sealed class BanList
{
    private readonly FrozenSet<string> _clientIds;
    private readonly FrozenSet<string> _users;
    private readonly IPNetwork[] _networks;

    public BanList(BanOptions options)
    {
        _clientIds = options.ClientIds.ToFrozenSet(StringComparer.Ordinal);
        _users = options.Users.ToFrozenSet(StringComparer.Ordinal);
        _networks = [.. options.Networks.Select(Parse)];
    }

    /// <summary>What a banned client is told.</summary>
    public static AuthenticationResult Refusal { get; } = new(AuthenticationOutcome.Banned, "banned");

    /// <summary>True when what the client says of itself is banned.</summary>
    public bool Contains(AuthenticationRequest request) =>
        _clientIds.Contains(request.ClientId) || IsBanned(request.Username) || IsBanned(request.Peer);

    /// <summary>The result, unless it names a banned user.</summary>
    public AuthenticationResult Filter(AuthenticationResult result) =>
        result.Outcome == AuthenticationOutcome.Accepted && IsBanned(result.Username) ? Refusal : result;

    private bool IsBanned(string? user) => user is not null && _users.Contains(user);

    private bool IsBanned(EndPoint? peer)
    {
        if (_networks.Length == 0 || peer is not IPEndPoint { Address: var address })
        {
            return false;
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return _networks.Any(network => network.Contains(address));
    }

    private static IPNetwork Parse(string text) =>
        IPAddress.TryParse(text, out IPAddress? address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8) : IPNetwork.Parse(text);
}
