using System.Net.Sockets;
using System.Runtime.InteropServices;
using Broker.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Broker.Transports.Epoll;

/// <summary>The event loops, and which listeners they can serve. No thread is started before the first listener is opened.</summary>
internal sealed class EpollTransport(BrokerOptions options, TimeProvider time, ILoggerFactory loggerFactory) : IDisposable
{
    private EpollLoop[]? _loops;
    private SocketConnectionContextFactory? _sockets;
    private uint _next;

    /// <summary>True where the system has what the loops need.</summary>
    public static bool IsSupported =>
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    /// <summary>The event loops; the first one accepts.</summary>
    public IReadOnlyList<EpollLoop> Loops => _loops ??= StartLoops();

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>Log of the transports.</summary>
    public ILogger Logger { get; } = loggerFactory.CreateLogger("Broker.Transports");

    /// <summary>True when connections of the listener can be served without Kestrel, as far as they are plain MQTT or private TCP.</summary>
    public bool CanServe(ListenerContext listener, ConnectionServices services)
    {
        if (options.Transport == TransportKind.Sockets || !IsSupported || listener.IsAdmin || listener.Options.ProxyProtocol)
        {
            return false;
        }

        return listener.Options.Protocol switch
        {
            ListenerProtocol.Mqtt => !listener.Options.Tls.IsEnabled && services.Mqtt is IDirectConnectionService,
            ListenerProtocol.PrivateTcp => !listener.Options.Tls.IsEnabled && services.PrivateTcp is IDirectConnectionService,
            ListenerProtocol.Multiplexed => services is { Mqtt: IDirectConnectionService, PrivateTcp: IDirectConnectionService },
            _ => false,
        };
    }

    /// <summary>The loop for the next connection.</summary>
    public EpollLoop Next() => Loops[(int)(_next++ % (uint)Loops.Count)];

    /// <summary>A connection of Kestrel's around a socket that was accepted here.</summary>
    public ConnectionContext Wrap(Socket socket)
    {
        _sockets ??= new SocketConnectionContextFactory(new SocketConnectionFactoryOptions(), loggerFactory.CreateLogger<SocketConnectionContextFactory>());
        return _sockets.Create(socket);
    }

    public void Dispose()
    {
        foreach (var loop in _loops ?? [])
        {
            loop.Dispose();
        }

        _sockets?.Dispose();
    }

    private EpollLoop[] StartLoops()
    {
        var count = options.TransportLoops > 0 ? options.TransportLoops : Math.Max(1, Environment.ProcessorCount / 2);
        return [.. Enumerable.Range(0, count).Select(index =>
            new EpollLoop($"epoll-{index}", new LoopLinger(options.TransportLingerMicroseconds, time), new LongTurns(time), Logger))];
    }
}
