using System.Net;
using System.Net.Sockets;

namespace Broker.Transports;

/// <summary>An endpoint that Kestrel is to serve, together with its socket, which is open already.</summary>
internal sealed class ListenerEndPoint : IPEndPoint
{
    public ListenerEndPoint(Socket socket, ListenerContext listener)
        : base(((IPEndPoint)socket.LocalEndPoint!).Address, ((IPEndPoint)socket.LocalEndPoint!).Port)
    {
        Socket = socket;
        Listener = listener;
    }

    public Socket Socket { get; }

    public ListenerContext Listener { get; }
}
