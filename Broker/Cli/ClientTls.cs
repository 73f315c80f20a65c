using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Broker.Cli;

/// <summary>TLS options of the commands that connect to a broker.</summary>
internal static class ClientTls
{
    /// <param name="host">Name that the certificate has to carry.</param>
    /// <param name="certificateAuthorityFile">PEM file of the authority to trust instead of the system's.</param>
    /// <param name="insecure">Accept any certificate.</param>
    public static SslClientAuthenticationOptions Create(string host, string? certificateAuthorityFile, bool insecure)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = host };
        if (insecure)
        {
#pragma warning disable CA5359 // --insecure asks for exactly this
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (certificateAuthorityFile is { } file)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(file);
        }

        return options;
    }
}
