using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Broker.Transports;

/// <summary>Kestrel's socket transport with each listener's own socket, options and connection rate.</summary>
internal sealed class ListenerTransportFactory(TimeProvider timeProvider, ILoggerFactory loggerFactory)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => endpoint is ListenerEndPoint;

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var target = (ListenerEndPoint)endpoint;
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
