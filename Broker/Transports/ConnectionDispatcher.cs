using Broker.Observability;
using Broker.Transports.Detection;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Broker.Transports;

/// <summary>Hands each connection of a multiplexed listener to what its first bytes ask for.</summary>
internal sealed class ConnectionDispatcher(
    ListenerContext listener, ConnectionServices services, TimeProvider timeProvider, ILogger logger)
{
    private readonly ConnectionPeek _peek = new(timeProvider);

    /// <summary>Dispatches what arrives on the socket itself.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="tls">Handshake, then <see cref="DispatchInsideTlsAsync"/>; null without a certificate.</param>
    /// <param name="http">The HTTP server.</param>
    public async Task DispatchAsync(ConnectionContext connection, ConnectionDelegate? tls, ConnectionDelegate http)
    {
        PeekOutcome outcome = await _peek.PeekAsync(connection, listener.DetectionTimeout);
        Task served = outcome.Protocol == DetectedProtocol.Tls && tls is not null
            ? tls(connection)
            : Dispatch(connection, outcome, http, "TLS, but the listener has no certificate");
        await served;
    }

    /// <summary>Dispatches what a TLS connection carries.</summary>
    public async Task DispatchInsideTlsAsync(ConnectionContext connection, ConnectionDelegate http)
    {
        PeekOutcome outcome = await _peek.PeekAsync(connection, listener.DetectionTimeout);
        await Dispatch(connection, outcome, http, "TLS inside TLS");
    }

    private Task Dispatch(ConnectionContext connection, PeekOutcome outcome, ConnectionDelegate http, string tlsRefusal)
    {
        switch (outcome.Protocol)
        {
            case DetectedProtocol.Mqtt:
                return services.Mqtt.ServeAsync(connection, listener);
            case DetectedProtocol.PrivateTcp:
                return services.PrivateTcp.ServeAsync(connection, listener);
            case DetectedProtocol.Http:
                connection.Features.Set(listener);
                return http(connection);
            case DetectedProtocol.Tls:
                return Refuse(connection, tlsRefusal);
            case DetectedProtocol.ProxyV1 or DetectedProtocol.ProxyV2:
                return Refuse(connection, "a PROXY protocol header where none is expected");
            case DetectedProtocol.NeedMore:
                listener.CountRefused();
                logger.ConnectionSilent(listener.Name, connection.RemoteEndPoint, outcome.LooksLike ?? "nothing");
                return Task.CompletedTask;
            default:
                return Refuse(connection, $"unknown protocol, it looks like {outcome.LooksLike}");
        }
    }

    private Task Refuse(ConnectionContext connection, string reason)
    {
        listener.Refuse(logger, connection.RemoteEndPoint, reason);
        return Task.CompletedTask;
    }
}
