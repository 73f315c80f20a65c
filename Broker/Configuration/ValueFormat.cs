namespace Broker.Configuration;

/// <summary>Kinds of text that options hold.</summary>
internal enum ValueFormat
{
    /// <summary>IPv4 or IPv6 address.</summary>
    IpAddress,

    /// <summary>IPv4 or IPv6 address, or `*` for all.</summary>
    IpAddressOrAny,

    /// <summary>Path of a file that the broker reads.</summary>
    File,

    /// <summary>Topic Name with `%c` and `%u`.</summary>
    TopicTemplate,

    /// <summary>`allow|deny CIDR|all`.</summary>
    AccessRule,

    /// <summary>CIDR.</summary>
    Network,

    /// <summary>IANA name of a TLS cipher suite.</summary>
    CipherSuite,

    /// <summary>`1.2` or `1.3`.</summary>
    TlsVersion,

    /// <summary>Date and time with offset, ISO 8601.</summary>
    Timestamp,

    /// <summary>Name of an uplink's User Property.</summary>
    UserPropertyName,
}
