namespace Broker.Configuration.Validation;

/// <summary>Rules of one TLS section.</summary>
internal static class TlsRules
{
    private const string NeedsCertificate = "set CertificateFile beside it";

    public static void Check(TlsOptions tls, string path, RuleContext context)
    {
        if (!tls.IsEnabled)
        {
            Need(tls.KeyFile is null, nameof(TlsOptions.KeyFile), "a private key without a certificate");
            Need(tls.KeyPassword is null, nameof(TlsOptions.KeyPassword), "a password without a certificate");
            Need(tls.KeyPasswordFile is null, nameof(TlsOptions.KeyPasswordFile), "a password without a certificate");
            Need(tls.ServerNames.Count == 0, nameof(TlsOptions.ServerNames), "certificates for some server names and none for the rest");
            Need(tls.CaFile is null, nameof(TlsOptions.CaFile), "client CAs without a certificate of the broker's own");
            Need(tls.ClientCertificate == ClientCertificateMode.None, nameof(TlsOptions.ClientCertificate), "client certificates need TLS");
        }

        if (tls.ClientCertificate == ClientCertificateMode.None)
        {
            NeedsClientCertificate(tls.CertificateUsername == CertificateName.None, nameof(TlsOptions.CertificateUsername), "a Username from a certificate that is never asked for");
            NeedsClientCertificate(tls.CertificateClientId == CertificateName.None, nameof(TlsOptions.CertificateClientId), "a ClientId from a certificate that is never asked for");
            NeedsClientCertificate(tls.RevocationFile is null, nameof(TlsOptions.RevocationFile), "a revocation list for certificates that are never asked for");
        }

        // Public CAs give certificates to everybody, with names that mean nothing here.
        if (tls is { CaFile: null, ClientCertificate: not ClientCertificateMode.None }
            and ({ CertificateUsername: not CertificateName.None } or { CertificateClientId: not CertificateName.None }))
        {
            context.Add($"{path}:{nameof(TlsOptions.CaFile)}", "names from certificates of any CA that the system trusts", "set CaFile to the CAs of the clients");
        }

        CheckCertificate(tls, path, context);
        foreach ((string name, ServerCertificateOptions certificate) in tls.ServerNames)
        {
            string place = $"{path}:{nameof(TlsOptions.ServerNames)}:{name}";
            if (certificate.CertificateFile is null)
            {
                context.Add(place, "a server name without a certificate", "set CertificateFile in it");
            }

            CheckCertificate(certificate, place, context);
        }

        void NeedsClientCertificate(bool isRight, string name, string reason)
        {
            if (!isRight)
            {
                context.Add($"{path}:{name}", reason, "set ClientCertificate to Optional or Required");
            }
        }

        void Need(bool isRight, string name, string reason)
        {
            if (!isRight)
            {
                context.Add($"{path}:{name}", reason, NeedsCertificate);
            }
        }
    }

    private static void CheckCertificate(ServerCertificateOptions certificate, string path, RuleContext context)
    {
        if (certificate is { KeyPassword: not null, KeyPasswordFile: not null })
        {
            context.Add($"{path}:{nameof(ServerCertificateOptions.KeyPasswordFile)}", "two passwords of the private key", "keep KeyPassword or KeyPasswordFile");
        }
    }
}
