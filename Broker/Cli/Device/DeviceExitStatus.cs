namespace Broker.Cli.Device;

/// <summary>Exit status of `broker device`; scripts rely on the numbers.</summary>
internal enum DeviceExitStatus
{
    /// <summary>Everything was delivered, or the user ended a connected device.</summary>
    Ok = 0,

    /// <summary>No connection, a failed TLS handshake, or no answer to CONNECT.</summary>
    CannotConnect = 1,

    /// <summary>Wrong options, or lines that cannot be sent.</summary>
    Usage = 2,

    /// <summary>CONNACK 0x21.</summary>
    AuthenticationRefused = 3,

    /// <summary>CONNACK 0x22, or an answer that is not the private TCP protocol.</summary>
    ProtocolRefused = 4,

    /// <summary>The connection was lost, and with it perhaps uplinks that nothing has confirmed.</summary>
    ConnectionLost = 5,
}
