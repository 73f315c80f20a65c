namespace Broker.Configuration;

/// <summary>HTTP for operators: `/health/live`, `/health/ready`, `/metrics`, `/bans`, `/acl/explain`.</summary>
public sealed class AdminOptions
{
    /// <summary>IP address to bind. Default: 127.0.0.1.</summary>
    [ValueFormat(ValueFormat.IpAddress)]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>
    /// TCP port. Default: not set, which means 18083, or none when <see cref="BrokerOptions.ExtPort"/> is set. 0 = off.
    /// </summary>
    [AllowedRange(1, 65_535, ZeroMeans = "off")]
    public int? Port { get; set; }

    /// <summary>
    /// Token that operators prove themselves with, as bearer token or as the password of HTTP Basic; at least 16 characters. Health needs none.
    /// Default: none, which is possible on loopback only.
    /// </summary>
    [Secret]
    public string? Token { get; set; }

    /// <summary>File with that token; the line's end does not count. Default: none.</summary>
    [ValueFormat(ValueFormat.File)]
    [SecretFile]
    public string? TokenFile { get; set; }

    /// <summary>TLS of this port. Default: none, plain HTTP.</summary>
    public TlsOptions Tls { get; set; } = new();
}
