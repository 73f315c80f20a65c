using Broker.Core.Ports;

namespace Broker.Security.Certificates;

/// <summary>Knows clients by their certificate, and leaves those it says nothing of to others.</summary>
internal sealed class CertificateAuthenticator(CertificateBinding binding, IAuthenticator next) : IAuthenticator
{
    /// <inheritdoc />
    public ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellationToken) =>
        binding.Judge(request) is { Outcome: not AuthenticationOutcome.Ignored } result
            ? ValueTask.FromResult(result)
            : next.AuthenticateAsync(request, cancellationToken);
}
