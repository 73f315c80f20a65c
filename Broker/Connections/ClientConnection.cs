using Broker.Core;
using Broker.Core.Ports;
using Broker.Core.Routing;
using Broker.Core.Sessions;
using Broker.Observability;
using Broker.Primitives;

namespace Broker.Connections;

/// <summary>
/// One client's connection, independent of what carries it: a synchronous core of Receive, Append and Flush. Protocols derive from it; an
/// adaptor feeds it bytes and takes bytes off it. It waits for nothing and owns no task.
/// </summary>
internal abstract partial class ClientConnection : DeliveryLink
{
    private const int Open = 0;
    private const int Closing = 1;
    private const int Closed = 2;

    private readonly ConnectionPeer _peer;
    private IByteTransport? _transport;
    private OutputBuffer _output;
    private bool _blocked;
    private bool _refused;
    private bool _overrun;
    private int _state;
    private long _taken;
    private long _sent;

    protected ClientConnection(MessageBroker broker, ConnectionPeer peer)
    {
        Broker = broker;
        _peer = peer;
    }

    /// <summary>Where the connection comes from.</summary>
    public ref readonly ConnectionPeer Peer => ref _peer;

    /// <summary>True once the connection is ending: nothing more is read from it.</summary>
    public bool IsClosed => Volatile.Read(ref _state) != Open;

    /// <summary>Bytes that must be there before <see cref="Receive"/> can do anything; 0 when any may do.</summary>
    public int Wanted { get; protected set; }

    /// <summary>What must end before more is received: an authentication under way. Null when nothing, or when it has ended.</summary>
    public Task? Suspension
    {
        get => field is { IsCompleted: false } ? field : null;
        protected set;
    }

    /// <summary>
    /// True when <see cref="Receive"/> has done as much as one turn may and left complete frames where they are: it is to be called with them again
    /// once others have had their turns.
    /// </summary>
    public bool IsUnfinished { get; protected set; }

    /// <summary>The hearth.</summary>
    protected MessageBroker Broker { get; }

    /// <summary>Bytes that wait for the socket.</summary>
    protected int PendingBytes => _output.Length;

    /// <summary>Bytes that have left since the connection began.</summary>
    protected long SentBytes => Volatile.Read(ref _sent);

    /// <summary>Bytes appended since the connection began. Compare with what <see cref="OnFlushed"/> is told; read it under the connection's lock.</summary>
    protected long AppendedBytes => _taken + _output.Length;

    /// <summary>Bytes that may wait for the socket; what comes on top is refused.</summary>
    protected virtual int MaximumPendingBytes => Broker.Options.Sessions.MaximumPendingBytes;

    /// <summary>
    /// Processes all complete frames at the beginning of <paramref name="data"/>. Calls do not overlap. Must not throw for anything a client
    /// can cause.
    /// </summary>
    /// <returns>Bytes consumed.</returns>
    public abstract int Receive(ReadOnlySpan<byte> data, DeliveryBatch batch);

    /// <summary>Begins a batch for <see cref="Receive"/>; it may serve any connection of the same broker.</summary>
    public DeliveryBatch BeginBatch() => DeliveryBatch.Begin(Broker);

    /// <summary>The connection begins.</summary>
    public void Start(IByteTransport transport)
    {
        _transport = transport;
        OnStarted();
    }

    /// <summary>The transport has room again.</summary>
    public void OnWritable()
    {
        lock (this)
        {
            _blocked = false;
            _sent = _taken;
            SendPending();
            if (_state == Closing && !_blocked)
            {
                _state = Closed;
                _transport!.Close();
            }
        }

        OnFlushed(SentBytes);
        RetryRefused();
    }

    /// <inheritdoc />
    public sealed override void Flush()
    {
        lock (this)
        {
            if (!_blocked)
            {
                SendPending();
            }
        }

        OnFlushed(SentBytes);
        RetryRefused();
        if (_overrun)
        {
            Close(CloseReason.SlowConsumer, "it does not read the answers to its packets");
        }
    }

    /// <inheritdoc />
    public sealed override bool HasRoomForMore()
    {
        lock (this)
        {
            // Half of the room is for messages that cannot wait elsewhere.
            if (!_blocked && _output.Length > MaximumPendingBytes / 2)
            {
                SendPending();
            }

            _refused |= _output.Length > MaximumPendingBytes / 2;
            return _state == Open && !_refused;
        }
    }

    /// <inheritdoc />
    public sealed override void Close(CloseReason reason, string? detail = null)
    {
        if (Interlocked.CompareExchange(ref _state, Closing, Open) != Open) // [MQTT-3.14.4-1] [MQTT-3.14.4-2]
        {
            return;
        }

        CancelTimer();
        EndPause();
        OnClosing(reason, detail);
        bool abort;
        lock (this)
        {
            if (!_blocked)
            {
                SendPending();
            }

            // Who is told why it is closed gets the time of the send timeout to read that; who does not read is cut off.
            abort = _blocked && reason is CloseReason.SlowConsumer or CloseReason.KeepAliveTimeout or CloseReason.ConnectionError or CloseReason.PeerClosed;
            if (abort)
            {
                _state = Closed;
                _output.Release();
                _transport?.Abort();
            }
            else if (!_blocked)
            {
                _state = Closed;
                _transport?.Close();
            }
            else
            {
                ScheduleAbort();
            }
        }

        OnFlushed(SentBytes);
        LeaveUser();
        EndTurn();
        EndMeter();
        OnClosed(reason);
    }

    /// <summary>The transport has ended: nothing can be sent any more.</summary>
    public void OnTransportEnded(CloseReason reason, string? detail = null)
    {
        Close(reason, detail);
        lock (this)
        {
            _state = Closed;
            _output.Release();
        }

        CancelTimer();
    }

    /// <summary>Bytes begin to be exchanged; protocols arm their idle timeout here.</summary>
    protected abstract void OnStarted();

    /// <summary>The connection is ending and can still be written to: say goodbye.</summary>
    protected abstract void OnClosing(CloseReason reason, string? detail);

    /// <summary>The connection has ended: let the session go.</summary>
    protected abstract void OnClosed(CloseReason reason);

    /// <summary>A flush has ended: so many bytes have left since the connection began. Called without the connection's lock, from any thread.</summary>
    protected virtual void OnFlushed(long sentBytes)
    {
    }

    /// <summary>What was refused for lack of room may be tried again.</summary>
    protected virtual void OnDrained(DeliveryBatch batch)
    {
    }

    /// <summary>Appends a publication's frame unless too much is waiting; patches the Packet Identifier where the frame has one.</summary>
    protected bool TryAppend(ReadOnlySpan<byte> frame, int packetIdOffset = 0, ushort packetId = 0)
    {
        lock (this)
        {
            // A batch may bring more than may wait before its end; whoever reads is not to lose any of it.
            if (!_blocked && _output.Length > 0 && _output.Length + (long)frame.Length > MaximumPendingBytes)
            {
                SendPending();
            }

            // One frame always fits, however large: what fits is the Maximum Packet Size's business.
            if (_state != Open || (_output.Length > 0 && _output.Length + (long)frame.Length > MaximumPendingBytes))
            {
                _refused = true;
                return false;
            }

            var place = _output.Extend(frame.Length);
            frame.CopyTo(place);
            if (packetIdOffset > 0)
            {
                System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(place[packetIdOffset..], packetId);
            }

            return true;
        }
    }

    /// <summary>Appends an answer of the protocol, whatever the window [MQTT-3.3.4-10] [MQTT-4.9.0-3]. A client that asks without reading the answers is closed in the end.</summary>
    protected void AppendControl(ReadOnlySpan<byte> frame)
    {
        lock (this)
        {
            if (_state == Closed)
            {
                return;
            }

            // Callers may hold the session's lock: closing waits for the flush.
            _overrun |= _output.Length >= MaximumPendingBytes + 65_536;
            if (!_overrun)
            {
                frame.CopyTo(_output.Extend(frame.Length));
            }
        }
    }

    /// <summary>Stops receiving while a receiver of this client's publishes catches up; the batch tells whether one is to be waited for.</summary>
    protected void YieldToCongested(Session publisher, DeliveryBatch batch)
    {
        if (batch.Congested is { } receiver)
        {
            batch.Congested = null;
            Suspension = Session.RoomFor(publisher, receiver);
        }
    }

    /// <summary>Stops receiving while the disk catches up with what this client's publishes have recorded.</summary>
    protected void YieldToStore(DeliveryBatch batch)
    {
        if (batch.HasRecorded)
        {
            Suspension ??= Broker.Store.Room;
        }
    }

    private void RetryRefused()
    {
        if (!_refused || _blocked)
        {
            return;
        }

        _refused = false;
        using var batch = DeliveryBatch.Begin(Broker);
        OnDrained(batch);
    }

    private void SendPending()
    {
        if (_output.Length == 0 || _transport is null || _state == Closed)
        {
            return;
        }

        var sent = _transport.Send(_output.Pending);
        Broker.Metrics.BytesSent.Add(BrokerMetrics.ProtocolIndex(Protocol), sent);
        _output.Consume(sent);
        _taken += sent;
        if (!_transport.IsHolding)
        {
            _sent = _taken;
        }

        if (_output.Length > 0)
        {
            _blocked = true;
            OnBlocked();
        }
    }
}
