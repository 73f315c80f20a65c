using Broker.Configuration;
using Microsoft.AspNetCore.Http;

namespace Broker.Transports;

/// <summary>Which paths of HTTP a listener serves: whatever endpoints exist, it shows only those that belong on it.</summary>
internal static class HttpGate
{
    public const string MqttPath = "/mqtt";

    private const string HealthPath = "/health";

    /// <summary>Middleware: goes on where the listener serves the path, answers 404 elsewhere.</summary>
    public static Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Features.Get<ListenerContext>() is { } listener && Serves(listener, http.Request.Path))
        {
            return next(http);
        }
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    public static bool Serves(ListenerContext listener, PathString path)
    {
        bool isMqtt = path.StartsWithSegments(MqttPath, out PathString rest) && (!rest.HasValue || rest == "/");
        if (listener.IsAdmin)
        {
            return !isMqtt;
        }
        return listener.Options.Protocol switch
        {
            ListenerProtocol.WebSocket => isMqtt,
            ListenerProtocol.Multiplexed => isMqtt || path.StartsWithSegments(HealthPath),
            _ => false,
        };
    }
}
