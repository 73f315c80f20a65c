using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Broker.Primitives;

/// <summary>What counts as one address where clients are counted by it: an IPv4 address, or an IPv6 /64, because whoever has one of its addresses has them all.</summary>
/// <param name="Network">The IPv6 network; 0 for IPv4.</param>
/// <param name="Host">The IPv4 address; 0 for IPv6.</param>
internal readonly record struct AddressKey(ulong Network, uint Host)
{
    /// <summary>The key of an address.</summary>
    public static AddressKey Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address.IsIPv4MappedToIPv6)
        {
            address.TryWriteBytes(bytes, out _);
            return new AddressKey(0, BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]));
        }

        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? new AddressKey(0, BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : new AddressKey(BinaryPrimitives.ReadUInt64BigEndian(bytes), 0);
    }

    /// <inheritdoc />
    public override string ToString() => $"{Network:x}.{Host:x}";
}
