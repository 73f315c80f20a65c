using Microsoft.AspNetCore.Connections;

namespace Broker.Transports;

/// <summary>
/// Serves the connections of one protocol. The connection's pipe still holds everything from the protocol's first byte on;
/// <see cref="BaseConnectionContext.RemoteEndPoint"/> is the client's real address, and a TLS client certificate is in
/// <see cref="Microsoft.AspNetCore.Http.Features.ITlsConnectionFeature"/>. A shutdown announces itself through
/// <see cref="Microsoft.AspNetCore.Connections.Features.IConnectionLifetimeNotificationFeature"/>.
/// </summary>
internal interface IConnectionService
{
    /// <summary>Serves the connection until it ends. What is written by then is still sent after the task completes.</summary>
    Task ServeAsync(ConnectionContext connection, ListenerContext listener);
}
