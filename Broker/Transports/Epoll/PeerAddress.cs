using System.Buffers.Binary;
using System.Net;
using System.Runtime.CompilerServices;

namespace Broker.Transports.Epoll;

/// <summary>Reads the address that accept gives.</summary>
/// <remarks>
/// <code>
/// sockaddr_in    family 2, port 2 (network order), address 4
/// sockaddr_in6   family 2, port 2 (network order), flow 4, address 16, scope 4
/// </code>
/// </remarks>
internal static class PeerAddress
{
    /// <summary>Size of the longest address that is read.</summary>
    public const int MaximumSize = 28;

    private const ushort InterNetwork = 2;
    private const ushort InterNetworkV6 = 10;

    // Fleets come through few gateways and balancers: what has the same address shares the object.
    private static readonly IPAddress?[] Recent = new IPAddress?[256];

    private static ReadOnlySpan<byte> MappedPrefix => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF];

    /// <summary>The address, an IPv4 one as such even where the socket is for both; null for other families.</summary>
    public static IPEndPoint? Read(ReadOnlySpan<byte> address)
    {
        if (address.Length < 8)
        {
            return null;
        }

        int port = BinaryPrimitives.ReadUInt16BigEndian(address[2..]);
        switch (Unsafe.ReadUnaligned<ushort>(in address[0]))
        {
            case InterNetwork:
                return new IPEndPoint(Shared(address.Slice(4, 4)), port);
            case InterNetworkV6 when address.Length >= MaximumSize:
                var bytes = address.Slice(8, 16);
                return new IPEndPoint(
                    bytes.StartsWith(MappedPrefix) ? Shared(bytes[12..]) : new IPAddress(bytes, Unsafe.ReadUnaligned<uint>(in address[24])), port);
            default:
                return null;
        }
    }

    private static IPAddress Shared(ReadOnlySpan<byte> address)
    {
        ref var recent = ref Recent[(byte)(address[0] ^ address[1] ^ address[2] ^ address[3])];
        var known = Volatile.Read(ref recent);
        Span<byte> bytes = stackalloc byte[4];
        if (known is not null && known.TryWriteBytes(bytes, out _) && bytes.SequenceEqual(address))
        {
            return known;
        }

        known = new IPAddress(address);
        Volatile.Write(ref recent, known);
        return known;
    }
}
