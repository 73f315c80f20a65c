using System.Net;
using System.Threading.Channels;
using Broker.Configuration;
using Broker.Connections;
using Broker.Core;
using Broker.Observability;
using Broker.Primitives;
using Broker.Security;
using Broker.Storage;
using Broker.Tests.Infrastructure;
using Broker.Transports;
using Microsoft.AspNetCore.Connections;

namespace Broker.Tests.Transports.Epoll;

/// <summary>Serves <see cref="FrameConnection"/>s and tells the test what happens to them.</summary>
internal sealed class FrameService : IDirectConnectionService, IDisposable
{
    private readonly Channel<FrameConnection> _started = Channel.CreateUnbounded<FrameConnection>();
    private readonly Channel<CloseReason> _closed = Channel.CreateUnbounded<CloseReason>();
    private readonly Channel<bool> _paused = Channel.CreateUnbounded<bool>();
    private readonly MessageBroker _broker;

    public FrameService()
    {
        var options = new BrokerOptions();
        _broker = new MessageBroker(
            options, TimeProvider.System, new BrokerMetrics(), AuthenticatorChain.From(options), new ScriptedAuthorizer(),
            new MemoryStore());
    }

    /// <summary>What paused connections wait for.</summary>
    public TaskCompletionSource Gate { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task ServeAsync(ConnectionContext connection, ListenerContext listener) =>
        PipeTransport.RunAsync(connection, Create(listener, connection.RemoteEndPoint, null), _broker);

    public ClientConnection Create(ListenerContext listener, EndPoint? peer, IConnectionTicket? ticket) =>
        new FrameConnection(_broker, new ConnectionPeer(listener.Name, listener.Options, peer, null, ticket), this);

    public void OnStarted(FrameConnection connection) => _started.Writer.TryWrite(connection);

    public void OnClosed(CloseReason reason) => _closed.Writer.TryWrite(reason);

    /// <summary>Connections in the order of their turns that were not finished.</summary>
    public List<FrameConnection> Turns { get; } = [];

    public void OnTurn(FrameConnection connection)
    {
        lock (Turns)
        {
            Turns.Add(connection);
        }
    }

    public void OnPaused() => _paused.Writer.TryWrite(true);

    public Task<FrameConnection> NextAsync() => _started.Reader.ReadAsync().AsTask().WaitAsync(RawClient.Patience);

    public Task<CloseReason> NextClosedAsync() => _closed.Reader.ReadAsync().AsTask().WaitAsync(RawClient.Patience);

    public Task NextPausedAsync() => _paused.Reader.ReadAsync().AsTask().WaitAsync(RawClient.Patience);

    public void Dispose() => _broker.Dispose();
}
