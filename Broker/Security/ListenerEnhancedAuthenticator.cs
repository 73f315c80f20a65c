using Broker.Core.Ports;

namespace Broker.Security;

/// <summary>Refuses clients of listeners on which one does not log in this way.</summary>
/// <param name="without">Names of those listeners.</param>
/// <param name="next">Who authenticates the others.</param>
internal sealed class ListenerEnhancedAuthenticator(IReadOnlySet<string> without, IEnhancedAuthenticator next) : IEnhancedAuthenticator
{
    private static readonly AuthenticationResult NotHere = new(AuthenticationOutcome.NotAuthorized, "not a way to log in on this listener");

    /// <inheritdoc />
    public string Method => next.Method;

    /// <inheritdoc />
    public IAuthenticationExchange Begin(AuthenticationRequest request) =>
        without.Contains(request.Listener) ? new RefusedExchange(NotHere) : next.Begin(request);
}
