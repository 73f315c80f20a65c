namespace Broker.Protocols.PrivateTcp;

/// <summary>What <see cref="PrivateFrame.TryRead"/> found at the beginning of a buffer.</summary>
internal enum FrameStatus : byte
{
    /// <summary>A complete frame.</summary>
    Done,

    /// <summary>The beginning of a frame that may be good.</summary>
    NeedMore,

    /// <summary>A Len above the maximum packet size; known from the header, whatever follows.</summary>
    TooLarge,

    /// <summary>A reserved frame type.</summary>
    ReservedType,

    /// <summary>Non-zero flags in a frame whose flags must be 0.</summary>
    InvalidFlags,
}
