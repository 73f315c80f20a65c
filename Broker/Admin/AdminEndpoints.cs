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
    /// <param name="isReady">Tells whether the broker takes clients now.</param>
    public static void Map(IEndpointRouteBuilder endpoints, MessageBroker broker, Func<bool> isReady)
    {
        endpoints.MapGet("/health/live", static context => context.Response.WriteAsync("live\n"));
        endpoints.MapGet("/health/ready", context =>
        {
            var ready = isReady();
            context.Response.StatusCode = ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            return context.Response.WriteAsync(ready ? "ready\n" : "not ready: starting or stopping\n");
        });
        endpoints.MapGet("/metrics", context =>
        {
            context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
            return context.Response.WriteAsync(MetricsExposition.Write(broker));
        });
    }
}
