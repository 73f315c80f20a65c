using System.ComponentModel;
using System.Runtime.InteropServices;
using Broker.Connections;
using Broker.Primitives;

namespace Broker.Transports.Epoll;

internal sealed unsafe partial class EpollSocket
{
    /// <summary>
    /// The longest beginning of a frame that is copied in front of what a receive brings; behind a longer one the bytes are received in place,
    /// so that a large packet in many pieces is copied a few times and not once per piece.
    /// </summary>
    public const int SmallRemainder = 2048;

    private ReceiveRemainder _remainder;
    private Task? _pause;
    private bool _isUnfinished;

    private void Receive()
    {
        if (_remainder.Length > SmallRemainder)
        {
            ReceiveBehindRemainder();
        }
        else
        {
            ReceiveIntoArena();
        }
    }

    private void ReceiveIntoArena()
    {
        var arena = Loop.Arena.AsSpan();
        var kept = _remainder.Length;
        _remainder.Bytes.CopyTo(arena);
        if (!TryReceive(arena[kept..], out var received))
        {
            return;
        }

        var data = arena[..(kept + received)];
        _remainder.Keep(data[Process(data)..]);
        Continue();
    }

    private void ReceiveBehindRemainder()
    {
        if (TryReceive(_remainder.Extend(connection.Wanted), out var received))
        {
            _remainder.Commit(received);
            ProcessRemainder();
        }
    }

    private void ProcessRemainder()
    {
        _remainder.Consume(Process(_remainder.Bytes));
        Continue();
    }

    // Bytes consumed.
    private int Process(ReadOnlySpan<byte> data)
    {
        var consumed = 0;
        while (!connection.IsClosed && data.Length > consumed && data.Length - consumed >= connection.Wanted)
        {
            var taken = Loop.Receive(this, connection, data[consumed..]);
            consumed += taken;

            // Asked once: when it ends a moment later, what is left of the data must still be processed.
            _pause = connection.Suspension;
            if (taken == 0 || _pause is not null || connection.IsUnfinished)
            {
                break;
            }
        }

        return connection.IsClosed ? data.Length : consumed;
    }

    private void Continue()
    {
        if (_isClosing)
        {
            End(CloseReason.PeerClosed);
            return;
        }

        var wasUnfinished = _isUnfinished;
        _isUnfinished = _pause is null && connection.IsUnfinished;
        if (_pause is not null || _isUnfinished != wasUnfinished)
        {
            lock (connection)
            {
                UpdateInterest();
            }
        }

        if (_isUnfinished)
        {
            Loop.Continue(this);
        }
        else if (_pause is not null)
        {
            _pause.ContinueWith(_ => Loop.Post(Resume), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private void Resume()
    {
        if (_hasEnded)
        {
            return;
        }

        lock (connection)
        {
            _pause = null;
            UpdateInterest();
        }

        try
        {
            ProcessRemainder();
        }
        catch (Exception defect)
        {
            OnDefect(defect);
        }
    }

    // False when there is nothing to process.
    private bool TryReceive(Span<byte> room, out int received)
    {
        fixed (byte* bytes = room)
        {
            received = (int)LibC.Receive(Descriptor, bytes, room.Length, LibC.DontWait);
        }

        if (received > 0)
        {
            return true;
        }

        if (received == 0)
        {
            End(CloseReason.PeerClosed);
        }
        else if (Marshal.GetLastPInvokeError() is not (LibC.Again or LibC.Interrupted) and var error)
        {
            End(CloseReason.PeerClosed, new Win32Exception(error).Message);
        }

        return false;
    }
}
