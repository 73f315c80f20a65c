using System.Net;
using System.Runtime.InteropServices;
using Broker.Transports.Detection;

namespace Broker.Transports.Epoll;

/// <summary>A connection of a multiplexed listener until its first bytes say what it speaks. They are looked at and left where they are.</summary>
internal sealed unsafe class UndetectedSocket(EpollLoop loop, EpollListener listener, EndPoint? peer, AdmissionTicket? ticket) : EpollTarget(loop)
{
    private const int FirstBytesShown = 16;

    private ITimer? _deadline;

    /// <summary>The listener that admitted it.</summary>
    public EpollListener Listener => listener;

    /// <summary>Begins to wait for the first bytes.</summary>
    public void Start(int descriptor, TimeProvider time)
    {
        // Edge-triggered: what is left where it is must not be reported again until more comes.
        try
        {
            Loop.Watch(this, descriptor, ReadyEvents.Readable | ReadyEvents.PeerEnded | ReadyEvents.EdgeTriggered);
        }
        catch (Exception defect)
        {
            OnDefect(defect);
            return;
        }

        _deadline = time.CreateTimer(_ => Loop.Post(End), null, listener.Context.DetectionTimeout, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc />
    public override void OnReady(ReadyEvents events)
    {
        Span<byte> start = stackalloc byte[FirstBytesShown];
        var length = Peek(start);
        var protocol = ProtocolDetector.Detect(start[..Math.Max(length, 0)]);
        if (protocol != DetectedProtocol.NeedMore)
        {
            _deadline!.Dispose();
            listener.OnDetected(Loop, this, protocol, peer, ticket);
        }
        else if (length == 0 || (events & (ReadyEvents.PeerEnded | ReadyEvents.HungUp | ReadyEvents.Failed)) != 0)
        {
            End();
        }
    }

    /// <inheritdoc />
    public override void OnDefect(Exception defect)
    {
        listener.OnDefect(defect);
        End();
    }

    /// <summary>Gives up waiting. Does nothing when it is known by now.</summary>
    public void End()
    {
        if (Descriptor < 0)
        {
            return;
        }

        _deadline?.Dispose();
        Span<byte> start = stackalloc byte[FirstBytesShown];
        var length = Peek(start);
        var descriptor = Loop.Release(this);
        listener.OnSilent(peer, ticket, FirstBytes.Describe(start[..Math.Max(length, 0)]));
        _ = LibC.Close(descriptor);
    }

    // Bytes that are there; -1 for none yet.
    private int Peek(Span<byte> start)
    {
        fixed (byte* bytes = start)
        {
            var length = (int)LibC.Receive(Descriptor, bytes, start.Length, LibC.Peek | LibC.DontWait);
            return length < 0 && Marshal.GetLastPInvokeError() is not (LibC.Again or LibC.Interrupted) ? 0 : length;
        }
    }
}
