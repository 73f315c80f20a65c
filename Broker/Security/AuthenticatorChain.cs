using Broker.Configuration;
using Broker.Core.Ports;

namespace Broker.Security;

/// <summary>Asks authenticators in order; the first with an opinion decides. Where none has one, nobody gets in.</summary>
internal sealed class AuthenticatorChain(IReadOnlyList<IAuthenticator> authenticators) : IAuthenticator
{
    private static readonly AuthenticationResult NoCredentials = new(AuthenticationOutcome.NotAuthorized, "credentials required");

    /// <summary>The chain that <paramref name="options"/> ask for.</summary>
    /// <param name="options">Who may connect.</param>
    /// <param name="verifiers">Those that can tell a known client from a stranger, in order; null for none that is not configured.</param>
    public static AuthenticatorChain From(BrokerOptions options, params ReadOnlySpan<IAuthenticator?> verifiers)
    {
        List<IAuthenticator> chain = [];
        foreach (IAuthenticator? verifier in verifiers)
        {
            if (verifier is not null)
            {
                chain.Add(verifier);
            }
        }

        if (options.Authentication.AllowAnonymous ?? !options.AuthenticatesClients)
        {
            chain.Add(new AnonymousAuthenticator(acceptUnverifiedUsernames: !options.AuthenticatesClients));
        }

        return new AuthenticatorChain(chain);
    }

    public async ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellationToken)
    {
        foreach (IAuthenticator authenticator in authenticators)
        {
            AuthenticationResult result = await authenticator.AuthenticateAsync(request, cancellationToken).ConfigureAwait(false);
            if (result.Outcome != AuthenticationOutcome.Ignored)
            {
                return result;
            }
        }

        return request.Username is null ? NoCredentials : AuthenticationResult.BadCredentials;
    }
}
