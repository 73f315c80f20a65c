using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Broker.Tests.Infrastructure;

/// <summary>Certificates made for a test run.</summary>
internal static class TestCertificates
{
    private static readonly DateTimeOffset From = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset To = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static X509Certificate2 Authority { get; } = CreateAuthority("CN=Test CA");

    public static X509Certificate2 Server { get; } = Issue("CN=localhost", Authority);

    public static X509Certificate2 Client { get; } = Issue("CN=device-7,O=Field", Authority);

    public static X509Certificate2 OtherAuthority { get; } = CreateAuthority("CN=Another CA");

    public static X509Certificate2 Stranger { get; } = Issue("CN=stranger", OtherAuthority);

    /// <summary>Of the same CA as <see cref="Client"/>.</summary>
    public static X509Certificate2 OtherClient { get; } = Issue("CN=other", Authority);

    public static X509Certificate2 ManyNames { get; } = Issue("CN=device-7,O=Field", Authority, static names =>
    {
        names.AddEmailAddress("device-7@field.example");
        names.AddDnsName("device-7.field.example");
        names.AddDnsName("second.field.example");
        names.AddUri(new Uri("urn:device:7"));
    });

    public static X509Certificate2 IntermediateAuthority { get; } = IssueAuthority("CN=Intermediate CA", Authority);

    public static X509Certificate2 BelowIntermediate { get; } = Issue("CN=below", IntermediateAuthority);

    /// <summary>How clients check the broker's certificate.</summary>
    public static X509ChainPolicy TrustOfClients => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { X509CertificateLoader.LoadCertificate(Authority.RawData) },
        RevocationMode = X509RevocationMode.NoCheck,
    };

    public static string KeyPem(X509Certificate2 certificate) => certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();

    /// <summary>Certificate and key in one text.</summary>
    public static string Pem(X509Certificate2 certificate) => $"{certificate.ExportCertificatePem()}\n{KeyPem(certificate)}\n";

    public static X509Certificate2 CreateAuthority(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return AuthorityRequest(subject, key).CreateSelfSigned(From, To);
    }

    /// <summary>A CA that comes from another one.</summary>
    public static X509Certificate2 IssueAuthority(string subject, X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return WithKey(AuthorityRequest(subject, key).Create(authority, From, To, RandomNumberGenerator.GetBytes(8)), key);
    }

    /// <summary>A certificate for localhost, unless it is given other names.</summary>
    public static X509Certificate2 Issue(
        string subject, X509Certificate2 authority, Action<SubjectAlternativeNameBuilder>? name = null, DateTimeOffset? until = null, Oid? usage = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        (name ?? NameLocalhost)(names);
        request.CertificateExtensions.Add(names.Build());
        if (usage is not null)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([usage], true));
        }

        return WithKey(request.Create(authority, From, until ?? To, RandomNumberGenerator.GetBytes(8)), key);
    }

    /// <summary>A revocation list in PEM.</summary>
    public static string RevocationList(X509Certificate2 authority, params X509Certificate2[] revoked)
    {
        var list = new CertificateRevocationListBuilder();
        foreach (X509Certificate2 each in revoked)
        {
            list.AddEntry(each);
        }

        return PemEncoding.WriteString("X509 CRL", list.Build(authority, 1, To, HashAlgorithmName.SHA256, thisUpdate: From)) + "\n";
    }

    private static void NameLocalhost(SubjectAlternativeNameBuilder names)
    {
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
    }

    private static CertificateRequest AuthorityRequest(string subject, ECDsa key)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request;
    }

    private static X509Certificate2 WithKey(X509Certificate2 issued, ECDsa key)
    {
        using (issued)
        {
            using X509Certificate2 withKey = issued.CopyWithPrivateKey(key);
            return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
        }
    }
}
