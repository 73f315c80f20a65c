using System.Buffers;
using System.Net;

namespace Broker.Transports.Proxy;

/// <summary>
/// A PROXY protocol header, version 1 or 2.
/// <see cref="Source"/> is the client's address, or null where the header names none (LOCAL, UNKNOWN, other address families):
/// then the peer's own address holds.
/// </summary>
internal readonly record struct ProxyHeader(IPEndPoint? Source)
{
    /// <summary>Reads a header from the start of the buffer; <paramref name="consumed"/> is where the protocol behind it starts.</summary>
    public static ProxyHeaderStatus TryRead(in ReadOnlySequence<byte> buffer, out ProxyHeader header, out SequencePosition consumed)
    {
        header = default;
        consumed = buffer.Start;
        Span<byte> copy = stackalloc byte[ProxyHeaderV2.LongestHeader];
        int length = (int)Math.Min(buffer.Length, copy.Length);
        buffer.Slice(0, length).CopyTo(copy);
        ReadOnlySpan<byte> bytes = copy[..length];
        if (bytes.IsEmpty)
        {
            return ProxyHeaderStatus.NeedMore;
        }
        ProxyHeaderStatus status = bytes[0] == ProxyHeaderV1.FirstByte
            ? ProxyHeaderV1.TryRead(bytes, out header, out int headerLength)
            : ProxyHeaderV2.TryRead(bytes, out header, out headerLength);
        if (status == ProxyHeaderStatus.Done)
        {
            consumed = buffer.GetPosition(headerLength);
        }
        return status;
    }
}
