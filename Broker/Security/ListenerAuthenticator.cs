using Broker.Core.Ports;

namespace Broker.Security;

/// <summary>Asks the authenticator of the listener that a client has come by.</summary>
/// <param name="own">By the listener's name.</param>
/// <param name="usual">For all other listeners.</param>
internal sealed class ListenerAuthenticator(IReadOnlyDictionary<string, IAuthenticator> own, IAuthenticator usual) : IAuthenticator
{
    /// <inheritdoc />
    public ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellationToken) =>
        own.GetValueOrDefault(request.Listener, usual).AuthenticateAsync(request, cancellationToken);
}
