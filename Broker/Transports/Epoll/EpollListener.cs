using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Broker.Configuration;
using Broker.Connections;
using Broker.Observability;
using Broker.Primitives;
using Broker.Transports.Detection;
using Microsoft.AspNetCore.Connections;

namespace Broker.Transports.Epoll;

/// <summary>
/// One address of a listener whose plain MQTT and private TCP connections the loops serve themselves. Kestrel, which opens and closes it like
/// any other, gets those that speak TLS or HTTP, and those of which nobody knows what they speak.
/// </summary>
internal sealed class EpollListener : IConnectionListener
{
    private readonly EpollTransport _transport;
    private readonly ListenerEndPoint _endPoint;
    private readonly IDirectConnectionService? _mqtt;
    private readonly IDirectConnectionService? _privateTcp;
    private readonly IAddressGate? _gate;
    private readonly ListeningSocket _socket;
    private readonly Channel<ConnectionContext> _forKestrel = Channel.CreateUnbounded<ConnectionContext>();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationToken _drainLimit;
    private int _open = 1; // itself

    public EpollListener(EpollTransport transport, ListenerEndPoint endPoint, ConnectionServices services)
    {
        _transport = transport;
        _endPoint = endPoint;
        _mqtt = services.Mqtt as IDirectConnectionService;
        _privateTcp = services.PrivateTcp as IDirectConnectionService;
        _gate = services.Gate;
        _socket = new ListeningSocket(transport.Loops[0], this, endPoint.Socket, transport.Time, transport.Logger);
        endPoint.Socket.NoDelay = Context.Options.NoDelay; // accepted sockets inherit it
        transport.Loops[0].Post(_socket.Start);
    }

    /// <inheritdoc />
    public EndPoint EndPoint => _endPoint;

    /// <summary>The listener as admission counts it.</summary>
    public ListenerContext Context => _endPoint.Listener;

    /// <summary>A client has been accepted.</summary>
    public void OnAccepted(int descriptor, IPEndPoint? peer)
    {
        if (!TryAdmit(peer, out var ticket))
        {
            _ = LibC.Close(descriptor);
            return;
        }

        Interlocked.Increment(ref _open);
        var loop = _transport.Next();
        if (loop.IsCurrent)
        {
            Begin(loop, descriptor, peer, ticket);
        }
        else
        {
            PostBegin(loop, descriptor, peer, ticket);
        }
    }

    /// <summary>The first bytes have told what a client speaks.</summary>
    public void OnDetected(EpollLoop loop, UndetectedSocket socket, DetectedProtocol protocol, EndPoint? peer, AdmissionTicket? ticket)
    {
        switch (protocol)
        {
            case DetectedProtocol.Mqtt:
                GoOn(loop, socket, _mqtt!.Create(Context, peer, ticket), ticket);
                break;
            case DetectedProtocol.PrivateTcp:
                GoOn(loop, socket, _privateTcp!.Create(Context, peer, ticket), ticket);
                break;
            default:
                GiveToKestrel(loop.HandOver(socket), peer, ticket);
                break;
        }
    }

    /// <summary>A client has not said in time what it speaks.</summary>
    public void OnSilent(EndPoint? peer, AdmissionTicket? ticket, string firstBytes)
    {
        Context.CountRefused();
        _transport.Logger.ConnectionSilent(Context.Name, peer, firstBytes);
        OnEnded(ticket);
    }

    /// <summary>A connection that a loop served has ended.</summary>
    public void OnEnded(AdmissionTicket? ticket)
    {
        ticket?.Leave();
        Context.Leave();
        CountDown();
    }

    /// <summary>Something of ours went wrong while a connection was looked at.</summary>
    public void OnDefect(Exception defect) => _transport.Logger.LoopDefect(defect.ToString());

    /// <inheritdoc />
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _forKestrel.Reader.WaitToReadAsync(cancellationToken))
        {
            if (_forKestrel.Reader.TryRead(out var connection))
            {
                return connection;
            }
        }

        return null;
    }

    /// <inheritdoc />
    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _drainLimit = cancellationToken;
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _transport.Loops[0].Post(() =>
        {
            _socket.Stop();
            stopped.SetResult();
        });
        await stopped.Task;
        _forKestrel.Writer.TryComplete();
        EndAll(static socket => socket.Stop());
        CountDown();
    }

    /// <summary>Waits for the connections to end, as long as the shutdown may take; then they are cut off.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _drained.Task.WaitAsync(_drainLimit);
        }
        catch (OperationCanceledException)
        {
            EndAll(static socket => socket.End(CloseReason.ServerShuttingDown));
            await _drained.Task;
        }
    }

    private bool TryAdmit(IPEndPoint? peer, out AdmissionTicket? ticket)
    {
        ticket = null;
        if (!Context.TryEnter())
        {
            return Refuse(peer, "the listener has its maximum of connections");
        }

        if (Context.Admit(peer?.Address, _gate, out ticket) is { } refusal)
        {
            Context.Leave();
            return Refuse(peer, refusal);
        }

        Context.CountAccepted();
        return true;
    }

    private bool Refuse(EndPoint? peer, string reason)
    {
        Context.Refuse(_transport.Logger, peer, reason);
        return false;
    }

    // A method of its own: the loop that accepts pays for no closure.
    private void PostBegin(EpollLoop loop, int descriptor, EndPoint? peer, AdmissionTicket? ticket) =>
        loop.Post(() => Begin(loop, descriptor, peer, ticket));

    private void Begin(EpollLoop loop, int descriptor, EndPoint? peer, AdmissionTicket? ticket)
    {
        if (Context.Options.Protocol == ListenerProtocol.Multiplexed)
        {
            new UndetectedSocket(loop, this, peer, ticket).Start(descriptor, _transport.Time);
            return;
        }

        ClientConnection connection;
        try
        {
            connection = (Context.Options.Protocol == ListenerProtocol.Mqtt ? _mqtt : _privateTcp)!.Create(Context, peer, ticket);
        }
        catch (Exception defect)
        {
            _ = LibC.Close(descriptor);
            OnDefect(defect);
            OnEnded(ticket);
            return;
        }

        new EpollSocket(loop, this, connection, ticket).Start(descriptor, isWatched: false);
    }

    private void GoOn(EpollLoop loop, UndetectedSocket socket, ClientConnection connection, AdmissionTicket? ticket) =>
        new EpollSocket(loop, this, connection, ticket).Start(loop.Release(socket), isWatched: true);

    private void GiveToKestrel(int descriptor, EndPoint? peer, AdmissionTicket? ticket)
    {
        var socket = new Socket(new SafeSocketHandle(descriptor, ownsHandle: true));
        try
        {
            var connection = _transport.Wrap(socket);
            connection.RemoteEndPoint = peer;
            connection.Features.Set(AdmittedConnection.Instance);
            if (ticket is not null)
            {
                connection.Features.Set(ticket);
            }

            if (_forKestrel.Writer.TryWrite(connection))
            {
                CountDown(); // from here on Kestrel's pipeline ends it and gives back its place
                return;
            }
        }
        catch (SocketException)
        {
            // it has gone meanwhile
        }

        socket.Dispose();
        OnEnded(ticket);
    }

    private void EndAll(Action<EpollSocket> end)
    {
        foreach (var loop in _transport.Loops)
        {
            loop.Post(() =>
            {
                foreach (var target in loop.Targets.ToArray())
                {
                    switch (target)
                    {
                        case EpollSocket socket when socket.Listener == this:
                            end(socket);
                            break;
                        case UndetectedSocket undetected when undetected.Listener == this:
                            undetected.End();
                            break;
                    }
                }
            });
        }
    }

    private void CountDown()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            _drained.TrySetResult();
        }
    }
}
