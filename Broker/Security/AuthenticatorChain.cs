using Broker.Configuration;
using Broker.Core.Ports;

namespace Broker.Security;

/// <summary>Asks authenticators in order; the first with an opinion decides. Where none has one, nobody gets in.</summary>
internal sealed class AuthenticatorChain(IReadOnlyList<IAuthenticator> authenticators) : IAuthenticator
{
    private static readonly AuthenticationResult NoCredentials = new(AuthenticationOutcome.NotAuthorized, "credentials required");

    /// <summary>The chain that <paramref name="options"/> ask for.</summary>
    /// <param name="options">Who may connect.</param>
    /// <param name="passwords">Content of the password file; null when none is configured.</param>
    public static AuthenticatorChain From(AuthenticationOptions options, PasswordFile? passwords)
    {
        List<IAuthenticator> chain = [];
        if (passwords is not null)
        {
            chain.Add(new PasswordFileAuthenticator(passwords));
        }

        if (options.AllowAnonymous ?? !options.IsConfigured)
        {
            chain.Add(new AnonymousAuthenticator(acceptUnverifiedUsernames: !options.IsConfigured));
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
