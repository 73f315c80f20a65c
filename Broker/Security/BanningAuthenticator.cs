using Broker.Core.Ports;

namespace Broker.Security;

/// <summary>Turns banned clients away before they are asked for proof, and again when a proof shows that they are a banned user.</summary>
internal sealed class BanningAuthenticator(BanList bans, IAuthenticator next) : IAuthenticator
{
    public async ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellationToken) =>
        bans.Contains(request)
            ? BanList.Refusal
            : bans.Filter(await next.AuthenticateAsync(request, cancellationToken).ConfigureAwait(false));
}
