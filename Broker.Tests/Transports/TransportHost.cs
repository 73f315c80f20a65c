using System.Net;
using Broker.Configuration;
using Broker.Hosting;
using Broker.Tests.Infrastructure;
using Broker.Transports;
using Broker.Transports.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Broker.Tests.Transports;

/// <summary>A real host on loopback with one listener and toy protocols.</summary>
internal sealed class TransportHost : IAsyncDisposable
{
    private readonly BrokerHost _host;

    private TransportHost(BrokerHost host, LogLines log)
    {
        _host = host;
        Log = log;
    }

    public LogLines Log { get; }

    public ListenerContext Listener => _host.Listeners[0].Context;

    /// <summary>The listener's TLS.</summary>
    public TlsSettings Tls => _host.Listeners[0].Tls!;

    public int Port => _host.Listeners[0].EndPoints[0].Port;

    public static async Task<TransportHost> StartAsync(
        ListenerOptions listener, TimeProvider? timeProvider = null, IAddressGate? gate = null)
    {
        var options = new BrokerOptions { Admin = new AdminOptions { Port = 0 } };
        options.Listeners["under-test"] = listener;
        var log = new LogLines();
        BrokerHost? host = BrokerHost.TryCreate(Setup(options, log, timeProvider, gate), out IReadOnlyList<ListenerFailure> failures);
        if (host is null)
        {
            throw new InvalidOperationException(string.Join('\n', failures));
        }
        await host.StartAsync(CancellationToken.None);
        return new TransportHost(host, log);
    }

    public static BrokerHostSetup Setup(BrokerOptions options, LogLines log, TimeProvider? timeProvider = null, IAddressGate? gate = null) => new()
    {
        Options = options,
        TimeProvider = timeProvider ?? TimeProvider.System,
        ConfigureLogging = logging => logging.SetMinimumLevel(LogLevel.Debug).AddFilter("Microsoft", LogLevel.Warning).AddProvider(log),
        ConfigureServices = services => services.AddSingleton(
            new ConnectionServices(new EchoService("mqtt"), new EchoService("private"), gate)),
        MapEndpoints = endpoints =>
        {
            endpoints.MapGet("/health/live", () => "alive");
            endpoints.MapGet("/metrics", () => "figures");
        },
    };

    public Task<RawClient> ConnectAsync() => RawClient.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Port));

    public Task StopAsync() => _host.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _host.StopAsync(now.Token);
        await _host.DisposeAsync();
    }
}
