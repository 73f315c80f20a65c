namespace Broker.Protocols.PrivateTcp;

/// <summary>The ACK Code in the flags of CONNACK.</summary>
internal enum ConnAckCode : byte
{
    /// <summary>The device is connected.</summary>
    Success = 0x0,

    /// <summary>Wrong credentials, or topics that the device may not use.</summary>
    AuthenticationFailed = 0x1,

    /// <summary>The flags of CONNECT name a version that the broker does not speak.</summary>
    UnsupportedVersion = 0x2,
}
