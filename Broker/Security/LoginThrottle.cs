using System.Net;
using Broker.Configuration;
using Broker.Core.Ports;
using Broker.Primitives;

namespace Broker.Security;

/// <summary>
/// Makes guessing slow: an address or a user whose logins fail again and again has to wait longer and longer, and is not even asked in
/// between. Logins that wait for an answer count as much as those that have failed, once one has. Who guesses at a user does not shut that user out: from an address where the user was last let in, it goes on.
/// </summary>
internal sealed class LoginThrottle(ThrottleOptions options, IAuthenticator next, TimeProvider time) : IAuthenticator
{
    private static readonly AuthenticationResult TooMany = new(AuthenticationOutcome.Unavailable, "too many failed logins; try again later");

    // Logins of addresses and users that have failed before wait for their answers beside so many others at most: they must not take the places
    // of those who have done nothing.
    private const int SuspectsAtOnce = 50;

    private readonly FailedLogins _addresses = new(options.FailuresBeforeDelay, TimeSpan.FromSeconds(options.MaximumDelaySeconds), time);
    private readonly FailedLogins _users = new(options.FailuresBeforeDelay, TimeSpan.FromSeconds(options.MaximumDelaySeconds), time);
    private readonly KnownAddresses _known = new();
    private int _suspects;

    /// <summary>True while logins from an address do not count, so that there is no need to hear them.</summary>
    public bool IsThrottled(IPAddress address) => _addresses.MustWait(AddressKey.Of(address).ToString());

    public ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellationToken)
    {
        string? address = KeyOf(request.Peer);
        string? user = request.Username is { } name && !_known.Contains(name, address) ? name : null;
        bool isSuspect = (address is not null && _addresses.HasFailed(address)) || (user is not null && _users.HasFailed(user));
        if (isSuspect && (MustWait(address, user) || !MayBegin(address, user) || Volatile.Read(ref _suspects) >= SuspectsAtOnce))
        {
            return ValueTask.FromResult(TooMany);
        }

        request.IsRefusedMeanwhile = () => MustWait(address, user);
        ValueTask<AuthenticationResult> pending = next.AuthenticateAsync(request, cancellationToken);
        if (!pending.IsCompletedSuccessfully)
        {
            return AwaitAsync(pending, request.Username, user, address, isSuspect);
        }

        AuthenticationResult result = pending.Result;
        Count(result, request.Username, user, address);
        return ValueTask.FromResult(result);
    }

    private bool MustWait(string? address, string? user) =>
        (address is not null && _addresses.MustWait(address)) || (user is not null && _users.MustWait(user));

    private bool MayBegin(string? address, string? user) =>
        (address is null || _addresses.MayBegin(address)) && (user is null || _users.MayBegin(user));

    private async ValueTask<AuthenticationResult> AwaitAsync(
        ValueTask<AuthenticationResult> pending, string? name, string? user, string? address, bool isSuspect)
    {
        Interlocked.Add(ref _suspects, isSuspect ? 1 : 0);
        _addresses.Enter(address ?? "");
        _users.Enter(user ?? "");
        try
        {
            AuthenticationResult result = await pending.ConfigureAwait(false);
            Count(result, name, user, address);
            return result;
        }
        finally
        {
            _users.Leave(user ?? "");
            _addresses.Leave(address ?? "");
            Interlocked.Add(ref _suspects, isSuspect ? -1 : 0);
        }
    }

    private void Count(AuthenticationResult result, string? name, string? user, string? address)
    {
        switch (result.Outcome)
        {
            case AuthenticationOutcome.Accepted:
                OnAccepted(name, address);
                break;
            case AuthenticationOutcome.BadCredentials or AuthenticationOutcome.NotAuthorized or AuthenticationOutcome.ClientIdRejected:
                OnRefused(user, address);
                break;
        }
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
