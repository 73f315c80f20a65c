using System.Net;
using Broker.Transports.Epoll;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Broker.Transports;

/// <summary>Opens each listener on the transport that suits it: the event loops, or Kestrel's sockets with the listener's own socket, options and rate.</summary>
internal sealed class ListenerTransportFactory(
    EpollTransport epoll, ConnectionServices services, TimeProvider timeProvider, ILoggerFactory loggerFactory)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => endpoint is ListenerEndPoint;

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var target = (ListenerEndPoint)endpoint;
        if (epoll.CanServe(target.Listener, services))
        {
            return new EpollListener(epoll, target, services);
        }
        var options = new SocketTransportOptions
        {
            Backlog = target.Listener.Options.Backlog,
            NoDelay = target.Listener.Options.NoDelay,
            CreateBoundListenSocket = _ => target.Socket,
        };
        var sockets = new SocketTransportFactory(Options.Create(options), loggerFactory);
        IConnectionListener listener = await sockets.BindAsync(endpoint, cancellationToken);
        return new PacedConnectionListener(listener, target.Listener.ConnectionRate, timeProvider);
    }
}
