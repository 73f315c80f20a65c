using System.Collections.Concurrent;
using Broker.Connections;
using Broker.Observability;
using Microsoft.Extensions.Logging;

namespace Broker.Transports.Epoll;

/// <summary>
/// One thread that waits for many sockets, receives from all that are ready, and then sends what that has set in motion: one pass. Descriptors
/// are closed on this thread only, so that none is reused while the loop still means its predecessor.
/// </summary>
internal sealed class EpollLoop : IDisposable
{
    private const int ReceiveBytes = 64 * 1024;
    private const int MaximumPassBytes = 1024 * 1024;
    private const int MaximumPosted = 64;

    private readonly EpollSet _epoll = new();
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly ReceivePass _pass = new();
    private readonly WakeUp _wakeUp;
    private readonly LoopLinger _linger;
    private readonly LongTurns _longTurns;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private EpollTarget?[] _targets = new EpollTarget?[256];
    private uint _generation;
    private int _woken;
    private bool _stopping;

    public EpollLoop(string name, LoopLinger linger, LongTurns longTurns, ILogger logger)
    {
        _linger = linger;
        _longTurns = longTurns;
        _logger = logger;
        _wakeUp = new WakeUp(this);
        Watch(_wakeUp, _wakeUp.Open(), ReadyEvents.Readable);
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Where received bytes are put while they are processed: the beginning of a frame, then what a receive may bring.</summary>
    public byte[] Arena { get; } = GC.AllocateUninitializedArray<byte>(EpollSocket.SmallRemainder + ReceiveBytes, pinned: true);

    /// <summary>The socket whose bytes are being processed.</summary>
    public EpollSocket? Receiving { get; private set; }

    /// <summary>True on the loop's own thread.</summary>
    public bool IsCurrent => Thread.CurrentThread == _thread;

    /// <summary>Everything that the loop watches.</summary>
    public IEnumerable<EpollTarget> Targets => _targets.OfType<EpollTarget>();

    /// <summary>Runs <paramref name="action"/> on the loop's thread, after what was posted before. Safe from any thread.</summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
        if (Interlocked.Exchange(ref _woken, 1) == 0)
        {
            _wakeUp.Signal();
        }
    }

    /// <summary>Begins to watch a descriptor, or goes on watching it for another target.</summary>
    public void Watch(EpollTarget target, int descriptor, ReadyEvents interest, bool isWatched = false)
    {
        if (descriptor >= _targets.Length)
        {
            Array.Resize(ref _targets, Math.Max(descriptor + 1, _targets.Length * 2));
        }

        target.Descriptor = descriptor;
        target.Generation = ++_generation;
        target.Interest = interest;
        _epoll.Control(isWatched ? LibC.ControlModify : LibC.ControlAdd, descriptor, interest, DataOf(target));
        _targets[descriptor] = target;
        if (target is EpollSocket or ListeningSocket)
        {
            _longTurns.Expect(target);
        }
    }

    /// <summary>Changes what the loop waits for. Safe from any thread; the caller orders its calls for one target.</summary>
    public void Change(EpollTarget target, ReadyEvents interest)
    {
        if (target.Interest != interest)
        {
            target.Interest = interest;
            _epoll.Control(LibC.ControlModify, target.Descriptor, interest, DataOf(target));
        }
    }

    /// <summary>Forgets a target. The descriptor, which is returned, then has to be closed or watched for another target.</summary>
    public int Release(EpollTarget target)
    {
        var descriptor = target.Descriptor;
        _targets[descriptor] = null;
        target.Descriptor = -1;
        return descriptor;
    }

    /// <summary>Stops watching a descriptor that somebody else goes on with.</summary>
    public int HandOver(EpollTarget target)
    {
        var descriptor = Release(target);
        _epoll.Control(LibC.ControlDelete, descriptor, ReadyEvents.None, 0);
        return descriptor;
    }

    /// <summary>Serves a target again, behind all others, whether something arrives or not.</summary>
    public void Continue(EpollTarget target) => _longTurns.Continue(target);

    /// <summary>Hands bytes to a socket's connection as part of the current pass.</summary>
    /// <returns>Bytes consumed.</returns>
    public int Receive(EpollSocket socket, ClientConnection connection, ReadOnlySpan<byte> data)
    {
        Receiving = socket;
        var consumed = _pass.Receive(connection, data);
        Receiving = null;
        return consumed;
    }

    public void Dispose()
    {
        Post(() => _stopping = true);
        _thread.Join();
        _epoll.Dispose();
        _wakeUp.Dispose();
    }

    private static ulong DataOf(EpollTarget target) => ((ulong)target.Generation << 32) | (uint)target.Descriptor;

    private void Run()
    {
        while (!_stopping)
        {
            var count = _epoll.Wait(untilReady: !_longTurns.HasUnfinished);
            _longTurns.Begin();
            ServeShortTurns(count);
            _longTurns.DeferUnfinished();
            if (_longTurns.IsNeeded)
            {
                ServeLongTurns();
            }

            RunPosted();
            EndPass();
            _linger.AfterPass(count);
        }
    }

    private EpollTarget? Find(ulong data) =>
        _targets[(int)(uint)data] is { } target && target.Generation == (uint)(data >> 32) ? target : null;

    private void ServeShortTurns(int count)
    {
        for (var index = 0; index < count; index++)
        {
            var (events, data) = _epoll[index];
            if (Find(data) is not { } target)
            {
                continue;
            }

            if (_longTurns.IsExpected(target))
            {
                _longTurns.Defer(target, events);
            }
            else
            {
                Serve(target, events);
            }
        }
    }

    private void ServeLongTurns()
    {
        EndPass(); // what the others have set in motion does not wait
        _longTurns.BeginPass();
        _longTurns.Begin();
        while (_longTurns.TryNext(out var target, out var events))
        {
            if (target!.Descriptor >= 0)
            {
                Serve(target, events);
            }
        }
    }

    private void Serve(EpollTarget target, ReadyEvents events)
    {
        try
        {
            target.OnReady(events);
        }
        catch (Exception defect)
        {
            Receiving = null;
            target.OnDefect(defect);
        }

        if (target is EpollSocket)
        {
            _longTurns.End(target);
        }
        else
        {
            _longTurns.Begin();
        }

        // What waits for the end of the pass takes memory: many ready publishers make several passes.
        if (_pass.ReceivedBytes > MaximumPassBytes)
        {
            EndPass();
            _longTurns.Begin();
        }
    }

    private void RunPosted()
    {
        if (Interlocked.Exchange(ref _woken, 0) == 0)
        {
            return;
        }

        for (var count = 0; count < MaximumPosted && _posted.TryDequeue(out var action); count++)
        {
            try
            {
                action();
            }
            catch (Exception defect)
            {
                Receiving = null;
                _logger.LoopDefect(defect.ToString());
            }
        }

        if (!_posted.IsEmpty && Interlocked.Exchange(ref _woken, 1) == 0)
        {
            _wakeUp.Signal(); // the rest is for the next pass
        }
    }

    private void EndPass()
    {
        try
        {
            _pass.End();
        }
        catch (Exception defect)
        {
            _logger.LoopDefect(defect.ToString());
        }
    }
}
