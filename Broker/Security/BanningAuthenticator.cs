using Broker.Core.Ports;

namespace Broker.Security;

/// <summary>
/// Turns banned clients away before they are asked for proof, and again when a proof shows that they are a banned user or have come too often.
/// </summary>
internal sealed class BanningAuthenticator(BanList bans, FlappingDetector flapping, IAuthenticator next) : IAuthenticator
{
    // Stays synchronous where what comes next does: most logins need not wait for anything.
    public ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellationToken)
    {
        if (bans.Contains(request))
        {
            return ValueTask.FromResult(BanList.Refusal);
        }

        ValueTask<AuthenticationResult> pending = next.AuthenticateAsync(request, cancellationToken);
        return pending.IsCompletedSuccessfully ? ValueTask.FromResult(Filter(request, pending.Result)) : FilterAsync(request, pending);
    }

    private async ValueTask<AuthenticationResult> FilterAsync(AuthenticationRequest request, ValueTask<AuthenticationResult> pending) =>
        Filter(request, await pending.ConfigureAwait(false));

    private AuthenticationResult Filter(AuthenticationRequest request, AuthenticationResult result) => flapping.Filter(request, bans.Filter(result));
}
