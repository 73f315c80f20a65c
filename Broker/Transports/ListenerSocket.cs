using System.Net;
using System.Net.Sockets;
using Broker.Configuration;

namespace Broker.Transports;

/// <summary>Opens listening sockets, so that what cannot be opened is known before anything is served.</summary>
internal static class ListenerSocket
{
    /// <exception cref="ListenerStartException">The address or port cannot be had.</exception>
    public static Socket Open(IPAddress address, int port, ListenerOptions options)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            Configure(socket, address, options);
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(options.Backlog);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new ListenerStartException(Explain(e, port), e);
        }
    }

    private static void Configure(Socket socket, IPAddress address, ListenerOptions options)
    {
        // Sockets that were accepted inherit the buffer sizes; set after accept they would be too late for the window scale.
        if (options.SendBufferBytes > 0)
        {
            socket.SendBufferSize = options.SendBufferBytes;
        }
        if (options.ReceiveBufferBytes > 0)
        {
            socket.ReceiveBufferSize = options.ReceiveBufferBytes;
        }
        // Nothing is set for ReuseAddress: .NET switches SO_REUSEADDR on for every TCP socket it binds on Unix, and its own options
        // for it (ReuseAddress, ExclusiveAddressUse) also set SO_REUSEPORT, with which two brokers would share a port unnoticed.
        if (address.Equals(IPAddress.IPv6Any))
        {
            socket.DualMode = true;
        }
    }

    private static string Explain(SocketException e, int port) => e.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse =>
            "the port is in use by another process; stop that process or choose another port",
        SocketError.AccessDenied =>
            $"port {port} is privileged; choose one above 1023 or give the process the capability CAP_NET_BIND_SERVICE",
        SocketError.AddressNotAvailable =>
            "this host does not have the address; choose one of its own, or `*` for all",
        SocketError.AddressFamilyNotSupported =>
            "this host does not support the address family; choose an address of another family",
        _ => $"{e.Message}; check the listener's address and port",
    };
}
