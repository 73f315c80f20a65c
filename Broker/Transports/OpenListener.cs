using System.Net;
using System.Net.Sockets;
using Broker.Transports.Tls;

namespace Broker.Transports;

/// <summary>A listener whose sockets are open and whose certificate is loaded, but which serves nothing yet.</summary>
internal sealed record OpenListener(ListenerContext Context, IReadOnlyList<ListenerEndPoint> EndPoints, TlsSettings? Tls) : IDisposable
{
    /// <summary>Loads the certificate, then binds every address; port 0 becomes one port, the same on all of them.</summary>
    /// <exception cref="ListenerStartException">Something of it is not possible; nothing stays open then.</exception>
    public static OpenListener Open(ListenerContext context, IReadOnlyList<IPAddress> addresses)
    {
        TlsSettings? tls = context.Options.Tls.IsEnabled ? TlsSettings.Load(context.Options.Tls) : null;
        var endPoints = new List<ListenerEndPoint>(addresses.Count);
        int port = context.Options.Port;
        try
        {
            foreach (IPAddress address in addresses)
            {
                Socket socket = ListenerSocket.Open(address, port, context.Options);
                endPoints.Add(new ListenerEndPoint(socket, context));
                port = endPoints[^1].Port;
            }
        }
        catch (ListenerStartException)
        {
            endPoints.ForEach(endPoint => endPoint.Socket.Dispose());
            throw;
        }
        return new OpenListener(context, endPoints, tls);
    }

    public void Dispose()
    {
        foreach (ListenerEndPoint endPoint in EndPoints)
        {
            endPoint.Socket.Dispose();
        }
    }
}
