using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using Broker.Observability;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Broker.Transports.WebSockets;

/// <summary>
/// A WebSocket in the shape of any other connection: the payload of its binary frames is one stream of bytes, whatever the frames'
/// borders [MQTT-6.0.0-2].
/// </summary>
internal sealed partial class WebSocketConnection : ConnectionContext
{
    /// <summary>As much as Kestrel buffers for a plain connection.</summary>
    private const int PauseThreshold = 64 * 1024;

    /// <summary>How long the peer may take to answer a Close frame.</summary>
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The same while the broker shuts down, which a silent peer must not delay.</summary>
    private static readonly TimeSpan ShutdownCloseTimeout = TimeSpan.FromSeconds(1);

    private readonly HttpContext _http;
    private readonly WebSocket _socket;
    private readonly ListenerContext _listener;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly Pipe _input;
    private readonly Pipe _output;
    private readonly CancellationTokenSource _closed = new();
    private IDictionary<object, object?>? _items;

    public WebSocketConnection(HttpContext http, WebSocket socket, ListenerContext listener, TimeProvider timeProvider, ILogger logger)
    {
        _http = http;
        _socket = socket;
        _listener = listener;
        _timeProvider = timeProvider;
        _logger = logger;
        MemoryPool<byte>? pool = http.Features.Get<IMemoryPoolFeature>()?.MemoryPool;
        // The receive loop has nothing else to do while its bytes are handled, so that may run on its thread. Sending must not
        // run on the thread of whoever flushes, who may serve many other connections.
        _input = new Pipe(CreateOptions(pool, PipeScheduler.Inline));
        _output = new Pipe(CreateOptions(pool, PipeScheduler.ThreadPool));
        Transport = new DuplexPipe(_input.Reader, _output.Writer);
        Features = new FeatureCollection(http.Features);
        ConnectionId = http.Connection.Id;
        ConnectionClosed = _closed.Token;
        LocalEndPoint = EndPointOf(http.Connection.LocalIpAddress, http.Connection.LocalPort);
        RemoteEndPoint = EndPointOf(http.Connection.RemoteIpAddress, http.Connection.RemotePort);
    }

    public override IDuplexPipe Transport { get; set; }

    public override string ConnectionId { get; set; }

    public override IFeatureCollection Features { get; }

    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    /// <summary>Serves the WebSocket until the service or the client ends it.</summary>
    public async Task RunAsync(IConnectionService service)
    {
        Task receiving = ReceiveAsync();
        Task sending = SendAsync();
        try
        {
            await service.ServeAsync(this, _listener);
        }
        finally
        {
            await _input.Reader.CompleteAsync();
            await _output.Writer.CompleteAsync();
            await WithinAsync(TimeSpan.FromSeconds(_listener.Options.SendTimeoutSeconds), sending);
            await CloseAsync(receiving);
        }
    }

    public override void Abort() => Abort(new ConnectionAbortedException());

    public override void Abort(ConnectionAbortedException abortReason)
    {
        _http.Abort();
        _socket.Abort();
        _closed.Cancel();
    }

    private async Task CloseAsync(Task receiving)
    {
        CancellationToken stopping = Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        using var deadline = new CancellationTokenSource(CloseTimeout, _timeProvider);
        using CancellationTokenRegistration hurry = stopping.UnsafeRegister(
            static deadline => ((CancellationTokenSource)deadline!).CancelAfter(ShutdownCloseTimeout), deadline);
        await WithinAsync(deadline, Task.WhenAll(SendCloseAsync(), receiving));
    }

    private async Task WithinAsync(TimeSpan limit, Task work)
    {
        using var deadline = new CancellationTokenSource(limit, _timeProvider);
        await WithinAsync(deadline, work);
    }

    /// <summary>Waits for the work, and aborts the connection, which ends it, when it takes too long.</summary>
    private async Task WithinAsync(CancellationTokenSource deadline, Task work)
    {
        using CancellationTokenRegistration abort = deadline.Token.UnsafeRegister(static self => ((WebSocketConnection)self!).Abort(), this);
        await work;
    }

    private async Task SendCloseAsync()
    {
        try
        {
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await _socket.CloseOutputAsync(_closeStatus, _closeReason, CancellationToken.None);
            }
        }
        catch (Exception e) when (IsConnectionFault(e))
        {
            _logger.WebSocketFailed(_listener.Name, RemoteEndPoint, e.Message);
        }
    }

    private static bool IsConnectionFault(Exception e) =>
        e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException;

    private static PipeOptions CreateOptions(MemoryPool<byte>? pool, PipeScheduler readerScheduler) =>
        new(pool, readerScheduler, PipeScheduler.ThreadPool, PauseThreshold, PauseThreshold / 2, useSynchronizationContext: false);

    private static IPEndPoint? EndPointOf(IPAddress? address, int port) => address is null ? null : new IPEndPoint(address, port);
}
