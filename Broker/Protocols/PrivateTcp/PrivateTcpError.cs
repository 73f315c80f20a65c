namespace Broker.Protocols.PrivateTcp;

/// <summary>What a <see cref="PrivateTcpProtocolException"/> is about.</summary>
internal enum PrivateTcpError : byte
{
    /// <summary>A CONNECT that cannot be parsed, or another frame in its place: close, no CONNACK.</summary>
    MalformedConnect,

    /// <summary>A version that is not spoken: CONNACK 0x22, then close.</summary>
    UnsupportedVersion,

    /// <summary>A Len above the maximum packet size.</summary>
    FrameTooLarge,

    /// <summary>A reserved frame type.</summary>
    ReservedType,

    /// <summary>Non-zero flags where they must be 0.</summary>
    InvalidFlags,

    /// <summary>A frame that its sender may not send, or not at this point.</summary>
    UnexpectedFrame,
}
