namespace Broker.Configuration;

/// <summary>HTTP for operators: `/health/live`, `/health/ready`, `/metrics`.</summary>
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
}
