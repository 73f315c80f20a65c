namespace Broker.Configuration;

/// <summary>What of a client certificate becomes the Username.</summary>
public enum CertificateUsername
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The subject's common name.</summary>
    CommonName,

    /// <summary>The whole subject, RFC 4514.</summary>
    DistinguishedName,
}
