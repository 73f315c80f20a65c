namespace Broker.Configuration;

/// <summary>A name in a client certificate.</summary>
public enum CertificateName
{
    /// <summary>None of them.</summary>
    None,

    /// <summary>The subject's common name; a certificate with several has none.</summary>
    CommonName,

    /// <summary>The whole subject, such as `CN=meter-7, O=Field`.</summary>
    DistinguishedName,

    /// <summary>A DNS name among the subject's alternative names.</summary>
    DnsName,

    /// <summary>An e-mail address among them.</summary>
    Email,

    /// <summary>A URI among them.</summary>
    Uri,
}
