namespace Broker.Configuration;

/// <summary>Whether TLS clients present a certificate.</summary>
public enum ClientCertificateMode
{
    /// <summary>Not asked for.</summary>
    None,

    /// <summary>Asked for; checked when given (EMQ X: verify_peer).</summary>
    Optional,

    /// <summary>No certificate, no connection (EMQ X: fail_if_no_peer_cert).</summary>
    Required,
}
