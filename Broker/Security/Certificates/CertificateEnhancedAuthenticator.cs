using Broker.Core.Ports;

namespace Broker.Security.Certificates;

/// <summary>Holds clients that authenticate in several steps to the ClientId of their certificate.</summary>
internal sealed class CertificateEnhancedAuthenticator(CertificateBinding binding, IEnhancedAuthenticator next) : IEnhancedAuthenticator
{
    /// <inheritdoc />
    public string Method => next.Method;

    /// <inheritdoc />
    public IAuthenticationExchange Begin(AuthenticationRequest request) =>
        binding.Judge(request) is { Outcome: not (AuthenticationOutcome.Ignored or AuthenticationOutcome.Accepted) } refusal
            ? new RefusedExchange(refusal)
            : next.Begin(request);
}
