using System.Net;
using Broker.Configuration;
using Broker.Observability;
using Broker.Transports.Detection;
using Broker.Transports.Proxy;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Broker.Transports;

/// <summary>
/// Decides, before anything else, whether a connection may stay: connection limit, PROXY protocol header, access rules, bans, limits by address.
/// All but the first see the client's real address, as the PROXY header gives it.
/// </summary>
internal sealed class ConnectionAdmission(ListenerContext listener, IAddressGate? gate, TimeProvider timeProvider, ILogger logger)
{
    private readonly ConnectionPeek _peek = new(timeProvider);
    private readonly ProxyHeaderReader _proxyHeaders = new(timeProvider);

    public async Task OnConnectionAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (connection.Features.Get<AdmittedConnection>() is not null)
        {
            await ServeAdmittedAsync(connection, next);
            return;
        }
        if (!listener.TryEnter())
        {
            Refuse(connection, "the listener has its maximum of connections");
            connection.Abort();
            return;
        }
        AdmissionTicket? ticket = null;
        try
        {
            connection.RemoteEndPoint = WithoutMapping(connection.RemoteEndPoint);
            if (await TryApplyProxyHeaderAsync(connection) && IsAllowed(connection, out ticket))
            {
                if (ticket is not null)
                {
                    connection.Features.Set(ticket);
                }
                listener.CountAccepted();
                await next(connection);
            }
        }
        finally
        {
            ticket?.Leave();
            listener.Leave();
        }
    }

    private async Task ServeAdmittedAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Features.Get<AdmissionTicket>()?.Leave();
            listener.Leave();
        }
    }

    private ValueTask<bool> TryApplyProxyHeaderAsync(ConnectionContext connection)
    {
        if (!listener.Options.ProxyProtocol)
        {
            return ValueTask.FromResult(true);
        }
        bool isOptional = listener.Options.Protocol == ListenerProtocol.Multiplexed && !listener.IsAdmin;
        return isOptional ? ApplyOptionalProxyHeaderAsync(connection) : ApplyProxyHeaderAsync(connection);
    }

    private async ValueTask<bool> ApplyOptionalProxyHeaderAsync(ConnectionContext connection)
    {
        PeekOutcome outcome = await _peek.PeekAsync(connection, listener.DetectionTimeout);
        return outcome.Protocol switch
        {
            DetectedProtocol.ProxyV1 or DetectedProtocol.ProxyV2 => await ApplyProxyHeaderAsync(connection),
            DetectedProtocol.NeedMore => Silent(connection, outcome.LooksLike),
            _ => true,
        };
    }

    private async ValueTask<bool> ApplyProxyHeaderAsync(ConnectionContext connection)
    {
        if (connection.RemoteEndPoint is IPEndPoint peer && !listener.ProxyTrustedPeers.Contains(peer.Address))
        {
            return Refuse(connection, "it is not one of the peers whose PROXY protocol header is trusted");
        }
        var timeout = TimeSpan.FromSeconds(listener.Options.ProxyProtocolTimeoutSeconds);
        (ProxyHeaderStatus status, ProxyHeader header) = await _proxyHeaders.ReadAsync(connection, timeout);
        switch (status)
        {
            case ProxyHeaderStatus.Done:
                connection.RemoteEndPoint = WithoutMapping(header.Source) ?? connection.RemoteEndPoint;
                return true;
            case ProxyHeaderStatus.NeedMore:
                return Refuse(connection, "no complete PROXY protocol header in time");
            default:
                return Refuse(connection, "malformed PROXY protocol header, or none");
        }
    }

    private bool IsAllowed(ConnectionContext connection, out AdmissionTicket? ticket) =>
        listener.Admit((connection.RemoteEndPoint as IPEndPoint)?.Address, gate, out ticket) is not { } refusal || Refuse(connection, refusal);

    private bool Refuse(ConnectionContext connection, string reason)
    {
        listener.Refuse(logger, connection.RemoteEndPoint, reason);
        return false;
    }

    private bool Silent(ConnectionContext connection, string? looksLike)
    {
        listener.CountRefused();
        logger.ConnectionSilent(listener.Name, connection.RemoteEndPoint, looksLike ?? "nothing");
        return false;
    }

    /// <summary>A dual-mode socket shows IPv4 peers as ::ffff:a.b.c.d; rules and logs want a.b.c.d.</summary>
    private static EndPoint? WithoutMapping(EndPoint? endPoint) =>
        endPoint is IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped
            ? new IPEndPoint(mapped.Address.MapToIPv4(), mapped.Port)
            : endPoint;
}
