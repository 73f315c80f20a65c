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
            Need(tls.CaFile is null, nameof(TlsOptions.CaFile), "client CAs without a certificate of the broker's own");
            Need(tls.ClientCertificate == ClientCertificateMode.None, nameof(TlsOptions.ClientCertificate), "client certificates need TLS");
        }

        if (tls.CertificateUsername != CertificateUsername.None && tls.ClientCertificate == ClientCertificateMode.None)
        {
            context.Add(
                $"{path}:{nameof(TlsOptions.CertificateUsername)}", "a Username from a certificate that is never asked for",
                "set ClientCertificate to Optional or Required");
        }

        void Need(bool isRight, string name, string reason)
        {
            if (!isRight)
            {
                context.Add($"{path}:{name}", reason, NeedsCertificate);
            }
        }
    }
}
