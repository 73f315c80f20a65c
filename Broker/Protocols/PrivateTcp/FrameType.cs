namespace Broker.Protocols.PrivateTcp;

/// <summary>Frame types: the high four bits of a frame's first byte. 0 and 7 to 15 are reserved.</summary>
internal enum FrameType : byte
{
    /// <summary>Device to broker; the flags are the protocol version.</summary>
    Connect = 0x1,

    /// <summary>Broker to device; the flags are a <see cref="ConnAckCode"/>.</summary>
    ConnAck = 0x2,

    /// <summary>Both ways: opaque bytes.</summary>
    DataTrans = 0x3,

    /// <summary>Device to broker, one byte.</summary>
    Ping = 0x4,

    /// <summary>Broker to device, one byte.</summary>
    Pong = 0x5,

    /// <summary>Device to broker, one byte.</summary>
    Disconnect = 0x6,
}
