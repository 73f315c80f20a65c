using Broker.Admin;
using Broker.Transports;
using Broker.Transports.Epoll;
using Broker.Transports.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Broker.Hosting;

/// <summary>Builds the web application that carries everything: Kestrel with the open listeners, HTTP endpoints, logging.</summary>
internal static class BrokerApplication
{
    public static WebApplication Build(BrokerHostSetup setup, IReadOnlyList<OpenListener> listeners)
    {
        // Empty, not slim: options come from the caller, and no file watcher must walk the tree below the working directory.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.SetMinimumLevel(LogLevel.Information);
        setup.ConfigureLogging(builder.Logging);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(setup.Options);
        builder.Services.AddSingleton(setup.TimeProvider);
        builder.Services.AddSingleton(listeners);
        builder.Services.AddSingleton<WebSocketEndpoint>();
        builder.Services.AddSingleton(provider => new OperatorAccess(
            setup.Options.Admin, setup.TimeProvider, provider.GetRequiredService<ILoggerFactory>().CreateLogger("Broker.Admin")));
        builder.Services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
        builder.Services.Configure<HostOptions>(
            host => host.ShutdownTimeout = TimeSpan.FromSeconds(setup.Options.ShutdownTimeoutSeconds));
        UseListeners(builder, listeners);
        setup.ConfigureServices(builder.Services);
        WebApplication application = builder.Build();
        UseEndpoints(application, setup.MapEndpoints);
        return application;
    }

    private static void UseListeners(WebApplicationBuilder builder, IReadOnlyList<OpenListener> listeners)
    {
        builder.WebHost.UseKestrelCore();
        builder.Services.AddSingleton<EpollTransport>();
        builder.Services.AddSingleton<IConnectionListenerFactory, ListenerTransportFactory>();
        builder.Services.AddSingleton<KestrelListeners>();
        builder.Services.AddOptions<KestrelServerOptions>().Configure<KestrelListeners>((kestrel, endPoints) =>
        {
            kestrel.AddServerHeader = false;
            // A WebSocket subscriber that reads slowly is the gateway's business, which closes on its own terms.
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            foreach (OpenListener listener in listeners)
            {
                endPoints.Add(kestrel, listener);
            }
        });
    }

    private static void UseEndpoints(IApplicationBuilder pipeline, Action<IEndpointRouteBuilder> mapEndpoints)
    {
        pipeline.Use(HttpGate.InvokeAsync);
        OperatorAccess operators = pipeline.ApplicationServices.GetRequiredService<OperatorAccess>();
        pipeline.Use((http, next) => http.Features.Get<ListenerContext>() is { IsAdmin: true } ? operators.InvokeAsync(http, next) : next(http));
        // no pings: MQTT has its own keep-alive
        pipeline.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.Zero });
        pipeline.UseRouting();
        pipeline.UseEndpoints(endpoints =>
        {
            WebSocketEndpoint webSockets = endpoints.ServiceProvider.GetRequiredService<WebSocketEndpoint>();
            endpoints.Map(HttpGate.MqttPath, webSockets.HandleAsync);
            mapEndpoints(endpoints);
        });
    }
}
