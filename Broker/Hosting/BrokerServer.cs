using Broker.Admin;
using Broker.Core;
using Broker.Core.Ports;
using Broker.Gateways.Mqtt;
using Broker.Gateways.PrivateTcp;
using Broker.Observability;
using Broker.Primitives;
using Broker.Security;
using Broker.Transports;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Broker.Hosting;

/// <summary>The broker as `broker serve` runs it: puts the rooms together.</summary>
internal static class BrokerServer
{
    /// <summary>Runs until the process is asked to stop. Returns the exit status.</summary>
    public static Task<int> RunAsync(ServeSettings settings, CancellationToken stop) =>
        BrokerHost.RunAsync(Setup(settings, logging => ConsoleLogging.Add(logging, settings.Logging)), Console.Error, stop);

    /// <summary>All rooms, for a host that logs as <paramref name="configureLogging"/> says.</summary>
    public static BrokerHostSetup Setup(ServeSettings settings, Action<ILoggingBuilder> configureLogging) => new()
    {
        Options = settings.Options,
        ConfigureServices = services => AddRooms(services, settings),
        Prepare = services =>
        {
            LogWarnings(settings.Warnings, services.GetRequiredService<ILoggerFactory>().CreateLogger("Broker"));
            StorageServices.Restore(services);
            services.GetRequiredService<BanList>().Restore();
        },
        MapEndpoints = MapEndpoints,
        ConfigureLogging = configureLogging,
    };

    private static void AddRooms(IServiceCollection services, ServeSettings settings)
    {
        services.AddSingleton<BrokerMetrics>();
        SecurityServices.Add(services, settings);
        StorageServices.Add(services, settings.Options.Storage);
        services.AddSingleton<MessageBroker>();
        services.AddSingleton<SystemTopics>();
        services.AddSingleton<MqttGateway>();
        services.AddSingleton<PrivateTcpGateway>();
        services.AddSingleton(provider => new ConnectionServices(
            Serve(provider.GetRequiredService<MqttGateway>()),
            Serve(provider.GetRequiredService<PrivateTcpGateway>()),
            provider.GetRequiredService<IAddressGate>()));
    }

    private static void LogWarnings(IReadOnlyList<string> warnings, ILogger logger)
    {
        foreach (var warning in warnings)
        {
            logger.ConfigurationWarning(warning);
        }
    }

    private static GatewayService Serve(MqttGateway gateway) => new(gateway.ServeAsync, gateway.Create);

    private static GatewayService Serve(PrivateTcpGateway gateway) => new(gateway.ServeAsync, gateway.Create);

    private static void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        var broker = endpoints.ServiceProvider.GetRequiredService<MessageBroker>();
        var lifetime = endpoints.ServiceProvider.GetRequiredService<IHostApplicationLifetime>();
        foreach (var listener in endpoints.ServiceProvider.GetRequiredService<IReadOnlyList<OpenListener>>())
        {
            broker.Metrics.RefusedByListener[listener.Context.Name] = () => listener.Context.RefusedConnections;
        }

        var systemTopics = endpoints.ServiceProvider.GetRequiredService<SystemTopics>();
        lifetime.ApplicationStarted.Register(systemTopics.Start);
        lifetime.ApplicationStopping.Register(() => broker.CloseAll(CloseReason.ServerShuttingDown));
        BanEndpoints.Map(
            endpoints,
            broker,
            endpoints.ServiceProvider.GetRequiredService<IBanList>(),
            endpoints.ServiceProvider.GetRequiredService<OperatorAccess>(),
            endpoints.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger("Broker.Admin"));
        ExplainEndpoint.Map(endpoints, broker, endpoints.ServiceProvider.GetRequiredService<IAccessExplainer>());
        AdminEndpoints.Map(
            endpoints,
            broker,
            () => NotReady(broker, lifetime));
    }

    private static string? NotReady(MessageBroker broker, IHostApplicationLifetime lifetime) =>
        !lifetime.ApplicationStarted.IsCancellationRequested || lifetime.ApplicationStopping.IsCancellationRequested ? "starting or stopping"
        : broker.Store.IsAvailable ? null : "the disk is full or failing, or the store holds as much as it may";
}
