using Broker.Core.Ports;

namespace Broker.Security;

/// <summary>Accepts clients that give no Username.</summary>
/// <param name="acceptUnverifiedUsernames">
/// Accept those that give one as well, under the name they give: for a broker that nothing can be verified against.
/// </param>
internal sealed class AnonymousAuthenticator(bool acceptUnverifiedUsernames) : IAuthenticator
{
    public ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(
            request.Username is null || acceptUnverifiedUsernames ? AuthenticationResult.Accepted : AuthenticationResult.Ignored);
}
