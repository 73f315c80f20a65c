namespace Broker.Transports.Epoll;

/// <summary>What a descriptor is ready for.</summary>
[Flags]
internal enum ReadyEvents : uint
{
    /// <summary>Nothing; errors and the end of both directions are reported all the same.</summary>
    None = 0,

    /// <summary>There is something to read, or the peer has ended its direction.</summary>
    Readable = 0x001,

    /// <summary>There is room to write.</summary>
    Writable = 0x004,

    /// <summary>The connection has failed.</summary>
    Failed = 0x008,

    /// <summary>Both directions have ended.</summary>
    HungUp = 0x010,

    /// <summary>The peer has ended its direction.</summary>
    PeerEnded = 0x2000,

    /// <summary>Report each arrival once instead of for as long as something is there.</summary>
    EdgeTriggered = 0x8000_0000,
}
