using System.Net;
using System.Net.WebSockets;
using Broker.Observability;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Broker.Transports.WebSockets;

/// <summary>MQTT over WebSocket: agrees on the subprotocol and serves the connection as MQTT.</summary>
internal sealed class WebSocketEndpoint(ConnectionServices services, TimeProvider timeProvider, ILogger<WebSocketEndpoint> logger)
{
    private const string UpgradeText = "This is MQTT over WebSocket: connect with a WebSocket client and the subprotocol mqtt.\n";
    private const string SubprotocolText = "Offer the WebSocket subprotocol mqtt.\n";

    /// <summary>In the order in which the broker prefers them; the second is what MQTT 3.1 clients offer.</summary>
    private static readonly string[] Subprotocols = ["mqtt", "mqttv3.1"];

    public async Task HandleAsync(HttpContext http)
    {
        ListenerContext listener = http.Features.GetRequiredFeature<ListenerContext>();
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.Headers.Upgrade = "websocket";
            await AnswerAsync(http, StatusCodes.Status426UpgradeRequired, UpgradeText);
            return;
        }
        string? subprotocol = Subprotocols.FirstOrDefault(http.WebSockets.WebSocketRequestedProtocols.Contains);
        if (subprotocol is null)
        {
            // [MQTT-6.0.0-3] the client has to offer it; [MQTT-6.0.0-4] the server has to choose it
            var peer = new IPEndPoint(http.Connection.RemoteIpAddress ?? IPAddress.None, http.Connection.RemotePort);
            listener.CountRefused();
            logger.WebSocketRefused(listener.Name, peer, "it does not offer the subprotocol mqtt");
            await AnswerAsync(http, StatusCodes.Status400BadRequest, SubprotocolText);
            return;
        }
        using WebSocket socket = await http.WebSockets.AcceptWebSocketAsync(subprotocol);
        var connection = new WebSocketConnection(http, socket, listener, timeProvider, logger);
        await connection.RunAsync(services.Mqtt);
    }

    private static Task AnswerAsync(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(text);
    }
}
