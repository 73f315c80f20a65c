using System.Net;
using Broker.Connections;
using Broker.Transports;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Broker.Hosting;

/// <summary>Leads connections from a transport to a gateway, neither of which knows the other.</summary>
internal sealed class GatewayService(Func<ConnectionContext, ConnectionPeer, Task> serve, Func<ConnectionPeer, ClientConnection> create)
    : IDirectConnectionService
{
    /// <inheritdoc />
    public Task ServeAsync(ConnectionContext connection, ListenerContext listener)
    {
        var certificate = connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate;
        return serve(connection, new ConnectionPeer(listener.Name, listener.Options, connection.RemoteEndPoint, certificate, connection.Features.Get<AdmissionTicket>()));
    }

    /// <inheritdoc />
    public ClientConnection Create(ListenerContext listener, EndPoint? peer, IConnectionTicket? ticket) =>
        create(new ConnectionPeer(listener.Name, listener.Options, peer, null, ticket));
}
