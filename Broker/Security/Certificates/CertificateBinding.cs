using Broker.Configuration;
using Broker.Core.Ports;

namespace Broker.Security.Certificates;

/// <summary>What a client's certificate, which TLS has checked already, says about who it is.</summary>
/// <param name="listeners">TLS of the listeners that ask for certificates, by the listener's name.</param>
internal sealed class CertificateBinding(IReadOnlyDictionary<string, TlsOptions> listeners)
{
    private static readonly AuthenticationResult NoName = new(AuthenticationOutcome.NotAuthorized, "the certificate has no such name as the Username comes from");
    private static readonly AuthenticationResult OtherClientId = new(AuthenticationOutcome.ClientIdRejected, "the ClientId is not the certificate's");

    /// <summary>The binding that the listeners of <paramref name="options"/> ask for; null when none does.</summary>
    public static CertificateBinding? From(BrokerOptions options)
    {
        Dictionary<string, TlsOptions> listeners = EffectiveListener.From(options)
            .Where(static listener => listener.Options.Tls is { CertificateUsername: not CertificateName.None } or { CertificateClientId: not CertificateName.None })
            .ToDictionary(static listener => listener.Name, static listener => listener.Options.Tls, StringComparer.OrdinalIgnoreCase);
        return listeners.Count > 0 ? new CertificateBinding(listeners) : null;
    }

    /// <summary>
    /// Accepted under the certificate's name, or refused; ignored when certificates say nothing of this client. A Username and Password that come
    /// beside the certificate do not count then.
    /// </summary>
    public AuthenticationResult Judge(AuthenticationRequest request)
    {
        if (request.ClientCertificate is not { } certificate || !listeners.TryGetValue(request.Listener, out TlsOptions? tls))
        {
            return AuthenticationResult.Ignored;
        }

        if (tls.CertificateClientId != CertificateName.None && !CertificateNames.Of(certificate, tls.CertificateClientId).Contains(request.ClientId))
        {
            return OtherClientId;
        }

        return tls.CertificateUsername == CertificateName.None ? AuthenticationResult.Ignored
            : CertificateNames.Of(certificate, tls.CertificateUsername) is [var username, ..] ? new AuthenticationResult(AuthenticationOutcome.Accepted, Username: username)
            : NoName;
    }
}
