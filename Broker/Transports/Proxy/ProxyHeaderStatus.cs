namespace Broker.Transports.Proxy;

/// <summary>How far reading a PROXY protocol header came.</summary>
internal enum ProxyHeaderStatus
{
    /// <summary>The header is not complete.</summary>
    NeedMore,

    /// <summary>A complete header.</summary>
    Done,

    /// <summary>Not a PROXY protocol header, or a broken one.</summary>
    Malformed,
}
