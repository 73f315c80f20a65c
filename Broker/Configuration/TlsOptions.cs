namespace Broker.Configuration;

/// <summary>TLS of a listener.</summary>
public sealed class TlsOptions : ServerCertificateOptions
{
    /// <summary>
    /// Further certificates by the server name that clients ask for (SNI), such as `mqtt.example.com` or `*.example.com`; the one above is for all other
    /// clients. Default: none.
    /// </summary>
    public Dictionary<string, ServerCertificateOptions> ServerNames { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>PEM bundle of the CAs that client certificates must come from. Default: none, the system's.</summary>
    [ValueFormat(ValueFormat.File)]
    public string? CaFile { get; set; }

    /// <summary>Whether clients present a certificate. Default: None.</summary>
    public ClientCertificateMode ClientCertificate { get; set; } = ClientCertificateMode.None;

    /// <summary>PEM or DER file with the revocation lists of those CAs. Default: none, no certificate is revoked.</summary>
    [ValueFormat(ValueFormat.File)]
    public string? RevocationFile { get; set; }

    /// <summary>What of a client certificate becomes the Username, without a password. Default: None.</summary>
    public CertificateName CertificateUsername { get; set; } = CertificateName.None;

    /// <summary>What of a client certificate the ClientId must be. Default: None, it may be any.</summary>
    public CertificateName CertificateClientId { get; set; } = CertificateName.None;

    /// <summary>Allowed versions, of `1.2` and `1.3`. Default: both.</summary>
    [ValueFormat(ValueFormat.TlsVersion)]
    public List<string> Versions { get; set; } = [];

    /// <summary>Allowed cipher suites, IANA names. Default: the system's choice.</summary>
    [ValueFormat(ValueFormat.CipherSuite)]
    public List<string> CipherSuites { get; set; } = [];

    /// <summary>Longest handshake, in seconds. 1 to 300, default 15.</summary>
    [AllowedRange(1, 300)]
    public int HandshakeTimeoutSeconds { get; set; } = 15;

    /// <summary>Handshakes in progress at once; those above wait for one to end, as long as a handshake may take. 1 to 1000000, default 0.</summary>
    [AllowedRange(1, 1_000_000, ZeroMeans = "no limit")]
    public int MaximumHandshakes { get; set; }

    /// <summary>True when a certificate is configured.</summary>
    public bool IsEnabled => CertificateFile is not null;
}
