namespace Broker.Configuration;

/// <summary>A certificate of the broker's own.</summary>
public class ServerCertificateOptions
{
    /// <summary>PEM certificate chain or PKCS#12 file. Default: none, which means no TLS.</summary>
    [ValueFormat(ValueFormat.File)]
    [SecretFile(OnlyWithPrivateKey = true)]
    public string? CertificateFile { get; set; }

    /// <summary>PEM private key. Default: none, the key is in the certificate file.</summary>
    [ValueFormat(ValueFormat.File)]
    [SecretFile]
    public string? KeyFile { get; set; }

    /// <summary>Password of the private key or the PKCS#12 file. Default: none.</summary>
    [Secret]
    public string? KeyPassword { get; set; }

    /// <summary>File with that password; the line's end does not count. Default: none.</summary>
    [ValueFormat(ValueFormat.File)]
    [SecretFile]
    public string? KeyPasswordFile { get; set; }
}
