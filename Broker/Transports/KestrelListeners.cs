using Broker.Configuration;
using Broker.Transports.Tls;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Broker.Transports;

/// <summary>Puts open listeners into Kestrel: admission, then TLS, then the protocol that the listener serves [MQTT-4.2.0-1].</summary>
internal sealed class KestrelListeners(ConnectionServices services, TimeProvider timeProvider, ILoggerFactory loggerFactory)
{
    private readonly ILogger _logger = loggerFactory.CreateLogger("Broker.Transports");

    public void Add(KestrelServerOptions kestrel, OpenListener listener)
    {
        foreach (ListenerEndPoint endPoint in listener.EndPoints)
        {
            kestrel.Listen(endPoint, listen => Configure(listen, listener.Context, listener.Tls));
        }
    }

    private void Configure(ListenOptions listen, ListenerContext listener, TlsSettings? tls)
    {
        // WebSocket over HTTP/2 would put many clients on one connection, which limits and access rules count as one
        listen.Protocols = HttpProtocols.Http1;
        var admission = new ConnectionAdmission(listener, services.Gate, timeProvider, _logger);
        listen.Use(next => connection => admission.OnConnectionAsync(connection, next));
        if (listener.Options.Protocol == ListenerProtocol.Multiplexed && !listener.IsAdmin)
        {
            UseMultiplexing(listen, listener, tls);
            return;
        }
        UseTls(listen, listener, tls);
        if (listener.IsAdmin || listener.Options.Protocol == ListenerProtocol.WebSocket)
        {
            listen.Use(http => connection =>
            {
                connection.Features.Set(listener);
                return http(connection);
            });
            return;
        }
        IConnectionService service = listener.Options.Protocol == ListenerProtocol.Mqtt ? services.Mqtt : services.PrivateTcp;
        listen.Run(connection => service.ServeAsync(connection, listener));
    }

    private void UseMultiplexing(ListenOptions listen, ListenerContext listener, TlsSettings? tls)
    {
        var dispatcher = new ConnectionDispatcher(listener, services, timeProvider, _logger);
        if (tls is null)
        {
            listen.Use(http => connection => dispatcher.DispatchAsync(connection, null, http));
            return;
        }
        // pipelines are built from the last step to the first, so the HTTP server is known before any connection comes
        ConnectionDelegate? plainHttp = null;
        listen.Use(handshake => connection => dispatcher.DispatchAsync(connection, handshake, plainHttp!));
        UseTls(listen, listener, tls);
        listen.Use(http =>
        {
            plainHttp = http;
            return connection => dispatcher.DispatchInsideTlsAsync(connection, http);
        });
    }

    private void UseTls(ListenOptions listen, ListenerContext listener, TlsSettings? tls)
    {
        if (tls is null)
        {
            return;
        }
        int atOnce = listener.Options.Tls.MaximumHandshakes;
        var guard = new HandshakeGuard(listener, atOnce > 0 ? new SemaphoreSlim(atOnce) : null, tls.HandshakeTimeout, timeProvider, _logger);
        listen.Use(handshake => connection => guard.BeginAsync(connection, handshake));
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = tls.HandshakeTimeout,
            OnConnection = context => ValueTask.FromResult(tls.For(context.ClientHelloInfo.ServerName)),
        });
        listen.Use(next => connection =>
        {
            HandshakeGuard.End(connection);
            return next(connection);
        });
    }
}
