using System.Collections.Frozen;
using System.Net;
using Broker.Configuration;
using Broker.Core.Ports;

namespace Broker.Security;

/// <summary>Turns banned clients away before they are asked for proof, and again when a proof shows that they are a banned user.</summary>
internal sealed class BanList : IAuthenticator
{
    private static readonly AuthenticationResult Banned = new(AuthenticationOutcome.Banned, "banned");

    private readonly IAuthenticator _next;
    private readonly FrozenSet<string> _clientIds;
    private readonly FrozenSet<string> _users;
    private readonly IPNetwork[] _networks;

    public BanList(BanOptions options, IAuthenticator next)
    {
        _next = next;
        _clientIds = options.ClientIds.ToFrozenSet(StringComparer.Ordinal);
        _users = options.Users.ToFrozenSet(StringComparer.Ordinal);
        _networks = [.. options.Networks.Select(Parse)];
    }

    public async ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellationToken)
    {
        if (_clientIds.Contains(request.ClientId) || IsBanned(request.Username) || IsBanned(request.Peer))
        {
            return Banned;
        }

        AuthenticationResult result = await _next.AuthenticateAsync(request, cancellationToken).ConfigureAwait(false);
        return result.Outcome == AuthenticationOutcome.Accepted && IsBanned(result.Username) ? Banned : result;
    }

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
