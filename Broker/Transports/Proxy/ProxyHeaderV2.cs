using System.Buffers.Binary;
using System.Net;

namespace Broker.Transports.Proxy;

/// <summary>
/// PROXY protocol version 2:
/// <code>
/// signature 12 | version 4 bits = 2, command 4 bits | family 4 bits, transport 4 bits | length 2, big-endian
/// | source, destination, source port, destination port | TLVs, skipped
/// </code>
/// </summary>
internal static class ProxyHeaderV2
{
    /// <summary>Bytes that a header may take: what the protocol asks every receiver to be able to hold.</summary>
    public const int LongestHeader = FixedLength + 520;

    private const int FixedLength = 16;
    private const int AddressesLengthV4 = 12;
    private const int AddressesLengthV6 = 36;

    private const byte LocalCommand = 0x20;
    private const byte ProxyCommand = 0x21;

    private const byte Tcp4 = 0x11;
    private const byte Tcp6 = 0x21;

    private static ReadOnlySpan<byte> Signature => [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    public static ProxyHeaderStatus TryRead(ReadOnlySpan<byte> bytes, out ProxyHeader header, out int length)
    {
        header = default;
        length = 0;
        if (!Signature.StartsWith(bytes[..Math.Min(bytes.Length, Signature.Length)]))
        {
            return ProxyHeaderStatus.Malformed;
        }
        if (bytes.Length > Signature.Length && bytes[12] is not (LocalCommand or ProxyCommand))
        {
            return ProxyHeaderStatus.Malformed;
        }
        if (bytes.Length < FixedLength)
        {
            return ProxyHeaderStatus.NeedMore;
        }
        length = FixedLength + BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        if (length > LongestHeader)
        {
            return ProxyHeaderStatus.Malformed;
        }
        if (bytes.Length < length)
        {
            return ProxyHeaderStatus.NeedMore;
        }
        bool namesClient = bytes[12] == ProxyCommand;
        return !namesClient || TryReadAddresses(bytes[13], bytes[FixedLength..length], out header)
            ? ProxyHeaderStatus.Done
            : ProxyHeaderStatus.Malformed;
    }

    /// <summary>Reads the client's address; families other than TCP over IP are allowed and name nobody.</summary>
    private static bool TryReadAddresses(byte family, ReadOnlySpan<byte> addresses, out ProxyHeader header)
    {
        header = default;
        switch (family)
        {
            case Tcp4 when addresses.Length >= AddressesLengthV4:
                header = new ProxyHeader(EndPoint(addresses[..4], addresses[8..]));
                return true;
            case Tcp6 when addresses.Length >= AddressesLengthV6:
                header = new ProxyHeader(EndPoint(addresses[..16], addresses[32..]));
                return true;
            default:
                return family is not (Tcp4 or Tcp6);
        }
    }

    private static IPEndPoint EndPoint(ReadOnlySpan<byte> address, ReadOnlySpan<byte> port) =>
        new(new IPAddress(address), BinaryPrimitives.ReadUInt16BigEndian(port));
}
