using System.Net;
using System.Net.Sockets;
using Broker.Configuration;
using Broker.Hosting;
using Broker.Tests.Infrastructure;
using Broker.Transports;
using Broker.Transports.Epoll;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace Broker.Tests.Transports.Epoll;

/// <summary>A host whose only listener is served by event loops, with the toy protocol of <see cref="FrameConnection"/>.</summary>
internal sealed class EpollHost : IAsyncDisposable
{
    private readonly BrokerHost _host;

    private EpollHost(BrokerHost host, FrameService service, LogLines log)
    {
        _host = host;
        Service = service;
        Log = log;
    }

    public FrameService Service { get; }

    public LogLines Log { get; }

    public ListenerContext Listener => _host.Listeners[0].Context;

    public IPEndPoint EndPoint => new(IPAddress.Loopback, _host.Listeners[0].EndPoints[0].Port);

    public static async Task<EpollHost> StartAsync(
        ListenerOptions? listener = null, int loops = 1, TimeProvider? time = null, IAddressGate? gate = null)
    {
        if (!EpollTransport.IsSupported)
        {
            Assert.Ignore("the epoll transport needs Linux on x64 or arm64");
        }
        var options = new BrokerOptions
        {
            Admin = new AdminOptions { Port = 0 },
            Transport = TransportKind.Epoll,
            TransportLoops = loops,
            TransportLingerMicroseconds = 1,
        };
        options.Listeners["under-test"] = listener ?? new ListenerOptions { Address = "127.0.0.1", MaxConnectionsPerSecond = 0 };
        var log = new LogLines();
        var service = new FrameService();
        var setup = new BrokerHostSetup
        {
            Options = options,
            TimeProvider = time ?? TimeProvider.System,
            ConfigureLogging = logging => logging.SetMinimumLevel(LogLevel.Debug).AddFilter("Microsoft", LogLevel.Warning).AddProvider(log),
            ConfigureServices = services => services.AddSingleton(new ConnectionServices(service, service, gate)),
            MapEndpoints = endpoints => endpoints.MapGet("/health/live", (HttpContext http) => http.Response.WriteAsync("alive")),
        };
        BrokerHost host = BrokerHost.TryCreate(setup, out IReadOnlyList<ListenerFailure> failures)
            ?? throw new InvalidOperationException(string.Join('\n', failures));
        await host.StartAsync(CancellationToken.None);
        return new EpollHost(host, service, log);
    }

    public async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(EndPoint).WaitAsync(RawClient.Patience);
        return socket;
    }

    public Task StopAsync(CancellationToken limit = default) => _host.StopAsync(limit);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _host.StopAsync(now.Token);
        await _host.DisposeAsync();
        Service.Dispose();
    }
}
