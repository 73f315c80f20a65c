using Broker.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Broker.Admin;

/// <summary>HTTP for operators: `/health/live`, `/health/ready`, `/metrics`.</summary>
internal static class AdminEndpoints
{
    /// <summary>Maps the endpoints.</summary>
    /// <param name="endpoints">Where.</param>
    /// <param name="broker">What they tell about.</param>
    /// <param name="notReady">Tells why the broker cannot do all of its work now; null when it can.</param>
    public static void Map(IEndpointRouteBuilder endpoints, MessageBroker broker, Func<string?> notReady)
    {
        endpoints.MapGet("/health/live", static context => context.Response.WriteAsync("live\n"));
        endpoints.MapGet("/health/ready", context =>
        {
            var reason = notReady();
            context.Response.StatusCode = reason is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            return context.Response.WriteAsync(reason is null ? "ready\n" : $"not ready: {reason}\n");
        });
        endpoints.MapGet("/metrics", context =>
        {
            context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
            return context.Response.WriteAsync(MetricsExposition.Write(broker));
        });
    }
}
