using System.Runtime.InteropServices;
using Broker.Connections;
using Broker.Primitives;

namespace Broker.Transports.Epoll;

/// <summary>
/// One client's socket, between the loop that receives from it and every thread that sends to it. What both touch is guarded by the
/// connection's lock; the descriptor is closed under it, and by the loop alone: other threads only shut the connection down, which the loop hears.
/// </summary>
internal sealed unsafe partial class EpollSocket(EpollLoop loop, EpollListener listener, ClientConnection connection, AdmissionTicket? ticket)
    : EpollTarget(loop), IByteTransport
{
    private bool _wantsRoom;
    private bool _isClosing;
    private bool _hasEnded;

    /// <summary>The listener that admitted it.</summary>
    public EpollListener Listener => listener;

    /// <summary>Begins to serve the connection.</summary>
    public void Start(int descriptor, bool isWatched)
    {
        try
        {
            Loop.Watch(this, descriptor, ReadyEvents.Readable, isWatched);
            connection.Start(this);
        }
        catch (Exception defect)
        {
            OnDefect(defect);
        }
    }

    /// <summary>Asks the connection to end: it says goodbye in its protocol.</summary>
    public void Stop() => connection.Close(CloseReason.ServerShuttingDown);

    /// <inheritdoc />
    public int Send(ReadOnlySpan<byte> data)
    {
        if (Descriptor < 0)
        {
            return 0;
        }

        var sent = TrySend(data);
        if (sent < 0)
        {
            _ = LibC.Shutdown(Descriptor, LibC.ShutdownBoth);
            return 0;
        }

        if (sent < data.Length)
        {
            _wantsRoom = true;
            UpdateInterest();
        }

        return sent;
    }

    /// <inheritdoc />
    public void Close()
    {
        _isClosing = true;

        // The loop sees the flag as soon as it is done with the bytes in hand; from anywhere else it is told by the end of the connection.
        if (Descriptor >= 0 && !_hasEnded && !(ReferenceEquals(Loop.Receiving, this) && Loop.IsCurrent))
        {
            _ = LibC.Shutdown(Descriptor, LibC.ShutdownBoth);
        }
    }

    /// <inheritdoc />
    public void Abort()
    {
        if (Descriptor >= 0)
        {
            // on, 0 s: what has not left is thrown away, and the peer is told by a reset
            var reset = stackalloc int[] { 1, 0 };
            _ = LibC.SetOption(Descriptor, LibC.SocketLevel, LibC.Linger, reset, 2 * sizeof(int));
        }

        Close();
    }

    /// <inheritdoc />
    public override void OnReady(ReadyEvents events)
    {
        if ((events & ReadyEvents.Writable) != 0)
        {
            OnRoom();
        }

        if (_isUnfinished)
        {
            // Whatever happens to the socket, what it has brought is processed first.
            if (events == ReadyEvents.None)
            {
                ProcessRemainder();
            }
        }
        else if (_pause is null)
        {
            if ((events & ~ReadyEvents.Writable) != 0)
            {
                Receive();
            }
        }
        else if ((events & (ReadyEvents.Failed | ReadyEvents.HungUp)) != 0)
        {
            End(CloseReason.PeerClosed);
        }
    }

    /// <inheritdoc />
    public override void OnDefect(Exception defect)
    {
        if (_hasEnded)
        {
            listener.OnDefect(defect);
        }

        End(CloseReason.ConnectionError, defect.ToString());
    }

    /// <summary>Ends the connection at once. Does nothing when it has ended.</summary>
    public void End(CloseReason reason, string? detail = null)
    {
        if (_hasEnded)
        {
            return;
        }

        _hasEnded = true;
        try
        {
            connection.OnTransportEnded(reason, detail);
        }
        finally
        {
            lock (connection)
            {
                _ = LibC.Close(Loop.Release(this));
            }

            _remainder.Release();
            listener.OnEnded(ticket);
        }
    }

    private void OnRoom()
    {
        lock (connection)
        {
            _wantsRoom = false;
        }

        connection.OnWritable();
        lock (connection)
        {
            UpdateInterest();
        }
    }

    // Bytes sent; -1 when the connection has failed.
    private int TrySend(ReadOnlySpan<byte> data)
    {
        fixed (byte* bytes = data)
        {
            while (true)
            {
                var sent = (int)LibC.Send(Descriptor, bytes, data.Length, LibC.NoSignal | LibC.DontWait);
                if (sent >= 0)
                {
                    return sent;
                }

                switch (Marshal.GetLastPInvokeError())
                {
                    case LibC.Interrupted:
                        continue;
                    case LibC.Again or LibC.NoBufferSpace:
                        return 0;
                    default:
                        return -1;
                }
            }
        }
    }

    // Under the connection's lock.
    private void UpdateInterest()
    {
        if (!_hasEnded)
        {
            Loop.Change(this, (_pause is null && !_isUnfinished ? ReadyEvents.Readable : ReadyEvents.None) | (_wantsRoom ? ReadyEvents.Writable : ReadyEvents.None));
        }
    }
}
