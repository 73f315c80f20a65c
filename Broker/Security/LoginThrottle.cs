using System.Net;
using Broker.Configuration;
using Broker.Core.Ports;
using Broker.Primitives;

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

    /// <summary>True while logins from an address do not count, so that there is no need to hear them.</summary>
    public bool IsThrottled(IPAddress address) => _addresses.MustWait(AddressKey.Of(address).ToString());

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

    private static string? KeyOf(EndPoint? peer) => peer is IPEndPoint { Address: var address } ? AddressKey.Of(address).ToString() : null;
}
