using System.Net.Sockets;
using System.Runtime.InteropServices;
using Broker.Observability;
using Microsoft.Extensions.Logging;

namespace Broker.Transports.Epoll;

/// <summary>Accepts connections, no more per second than allowed: those above wait in the accept queue.</summary>
internal sealed unsafe class ListeningSocket(EpollLoop loop, EpollListener listener, Socket socket, TimeProvider time, ILogger logger)
    : EpollTarget(loop)
{
    // A storm of clients waits in the accept queue and not in front of those that are connected.
    private const int AtOnce = 8;

    private static readonly TimeSpan PauseWithoutResources = TimeSpan.FromMilliseconds(250);

    private ITimer? _pause;

    /// <summary>Begins to accept.</summary>
    public void Start()
    {
        socket.Blocking = false;
        Loop.Watch(this, (int)socket.Handle, ReadyEvents.Readable);
    }

    /// <summary>Accepts no more.</summary>
    public void Stop()
    {
        _pause?.Dispose();
        if (Descriptor >= 0)
        {
            Loop.HandOver(this);
        }

        socket.Dispose();
    }

    /// <inheritdoc />
    public override void OnReady(ReadyEvents events)
    {
        for (var accepted = 0; accepted < AtOnce; accepted++)
        {
            if (!listener.Context.ConnectionRate.TryAcquire(out var retryAfter))
            {
                Pause(retryAfter);
                return;
            }

            if (!TryAccept())
            {
                listener.Context.ConnectionRate.GiveBack();
                return;
            }
        }
    }

    /// <inheritdoc />
    public override void OnDefect(Exception defect) => logger.LoopDefect(defect.ToString());

    // False when nobody waits, or nobody can be let in.
    private bool TryAccept()
    {
        var address = stackalloc byte[PeerAddress.MaximumSize];
        var length = PeerAddress.MaximumSize;
        var descriptor = LibC.Accept(Descriptor, address, &length, LibC.NonBlocking | LibC.CloseOnExec);
        if (descriptor >= 0)
        {
            listener.OnAccepted(descriptor, PeerAddress.Read(new ReadOnlySpan<byte>(address, Math.Min(length, PeerAddress.MaximumSize))));
            return true;
        }

        // Other errors mean a client that has gone; the loop reports the next one.
        var error = Marshal.GetLastPInvokeError();
        if (error is LibC.OutOfFiles or LibC.OutOfFilesSystemWide or LibC.NoBufferSpace or LibC.OutOfMemory)
        {
            logger.AcceptFailed(listener.Context.Name, Marshal.GetPInvokeErrorMessage(error));
            Pause(PauseWithoutResources);
        }

        return false;
    }

    private void Pause(TimeSpan length)
    {
        Loop.Change(this, ReadyEvents.None);
        _pause?.Dispose();
        _pause = time.CreateTimer(_ => Loop.Post(Resume), null, length, Timeout.InfiniteTimeSpan);
    }

    private void Resume()
    {
        if (Descriptor >= 0)
        {
            Loop.Change(this, ReadyEvents.Readable);
        }
    }
}
