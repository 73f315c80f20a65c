using System.Net;
using System.Net.Sockets;

namespace Broker.Hosting;

/// <summary>The addresses of this host that stand for "loopback" and for "all".</summary>
internal sealed record BindableAddresses(IReadOnlyList<IPAddress> Loopback, IPAddress Any)
{
    /// <summary>Asks the system; containers and hardened hosts often have no IPv6.</summary>
    public static BindableAddresses OfThisHost() => CanBind(IPAddress.IPv6Loopback)
        ? new BindableAddresses([IPAddress.Loopback, IPAddress.IPv6Loopback], IPAddress.IPv6Any)
        : new BindableAddresses([IPAddress.Loopback], IPAddress.Any);

    private static bool CanBind(IPAddress address)
    {
        if (!Socket.OSSupportsIPv6)
        {
            return false;
        }
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
