using System.Net;
using System.Net.Sockets;
using Broker.Configuration;
using Broker.Core.Ports;

namespace Broker.Security;

/// <summary>
/// Makes guessing slow: an address or a user whose logins fail again and again has to wait longer and longer, and is not even asked in
/// between. Who guesses at a user does not shut that user out: from an address where the user was last let in, it goes on.
/// </summary>
internal sealed class LoginThrottle(ThrottleOptions options, IAuthenticator next, TimeProvider time) : IAuthenticator
{
    private static readonly AuthenticationResult TooMany = new(AuthenticationOutcome.Unavailable, "too many failed logins; try again later");

    private readonly FailedLogins _addresses = new(options.FailuresBeforeDelay, TimeSpan.FromSeconds(options.MaximumDelaySeconds), time);
    private readonly FailedLogins _users = new(options.FailuresBeforeDelay, TimeSpan.FromSeconds(options.MaximumDelaySeconds), time);
    private readonly KnownAddresses _known = new();

    public async ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellationToken)
    {
        string? address = KeyOf(request.Peer);
        string? user = request.Username is { } name && !_known.Contains(name, address) ? name : null;
        if ((address is not null && _addresses.MustWait(address)) || (user is not null && _users.MustWait(user)))
        {
            return TooMany;
        }

        AuthenticationResult result = await next.AuthenticateAsync(request, cancellationToken).ConfigureAwait(false);
        switch (result.Outcome)
        {
            case AuthenticationOutcome.Accepted:
                OnAccepted(request.Username, address);
                break;
            case AuthenticationOutcome.BadCredentials or AuthenticationOutcome.NotAuthorized or AuthenticationOutcome.ClientIdRejected:
                OnRefused(user, address);
                break;
        }

        return result;
    }

    private void OnAccepted(string? user, string? address)
    {
        if (address is not null)
        {
            _addresses.OnSuccess(address);
        }

        if (user is not null && address is not null)
        {
            _known.Add(user, address);
        }
    }

    private void OnRefused(string? user, string? address)
    {
        if (address is not null)
        {
            _addresses.OnFailure(address);
        }

        if (user is not null)
        {
            _users.OnFailure(user);
        }
    }

    // Whoever has one IPv6 address has its /64.
    private static string? KeyOf(EndPoint? peer)
    {
        if (peer is not IPEndPoint { Address: var address })
        {
            return null;
        }

        if (address.IsIPv4MappedToIPv6 || address.AddressFamily == AddressFamily.InterNetwork)
        {
            return address.MapToIPv4().ToString();
        }

        return Convert.ToHexString(address.GetAddressBytes(), 0, 8);
    }
}
