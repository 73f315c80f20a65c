namespace Broker.Transports.Epoll;

/// <summary>
/// Sockets whose turns take long, or that are new, and turns that are not finished. They are served behind all others and for a while only, the
/// short ones first, so that clients that ask for much, or come in masses, wait for each other, and nobody else waits for them. What is left
/// over is reported again by the next wait.
/// </summary>
internal sealed class LongTurns(TimeProvider time)
{
    private const int LongMicroseconds = 25;

    // One that only looks long, because the machine did something else meanwhile, does not count as much as it seems.
    private const int LongestMicroseconds = 300;
    private const int NewMicroseconds = 110;
    private const int ClassMicroseconds = 32;
    private const int PassMicroseconds = 2000;
    private const int Weight = 16;

    // Above any ticket: the class of a turn is looked at first.
    private const int ClassShift = 48;

    private readonly long _long = time.TimestampFrequency * LongMicroseconds / 1_000_000;
    private readonly long _longest = time.TimestampFrequency * LongestMicroseconds / 1_000_000;
    private readonly long _new = time.TimestampFrequency * NewMicroseconds / 1_000_000;
    private readonly long _class = time.TimestampFrequency * ClassMicroseconds / 1_000_000;
    private readonly long _pass = time.TimestampFrequency * PassMicroseconds / 1_000_000;
    private readonly List<(long Rank, EpollTarget Target, ReadyEvents Events)> _waiting = [];
    private readonly List<EpollTarget> _unfinished = [];
    private long _began;
    private long _end;
    private long _lastTicket;
    private int _oldest;
    private int _next;

    /// <summary>True when somebody waits.</summary>
    public bool IsNeeded => _waiting.Count > 0;

    /// <summary>True when a turn is to go on that no wait would report.</summary>
    public bool HasUnfinished => _unfinished.Count > 0;

    /// <summary>A turn begins.</summary>
    public void Begin() => _began = time.GetTimestamp();

    /// <summary>The turn of a target ends, and that of the next begins.</summary>
    public void End(EpollTarget target)
    {
        var now = time.GetTimestamp();
        target.TypicalTurn += (Math.Min(now - _began, _longest) - target.TypicalTurn) / Weight;
        _began = now;
    }

    /// <summary>A target is new: nobody knows yet how long its turns are.</summary>
    public void Expect(EpollTarget target) => target.TypicalTurn = _new;

    /// <summary>True when a target is to be served behind the others.</summary>
    public bool IsExpected(EpollTarget target) => target.TypicalTurn > _long;

    /// <summary>A target's turn has been long enough: it goes on behind the others.</summary>
    public void Continue(EpollTarget target) => _unfinished.Add(target);

    /// <summary>Puts a ready target behind the others.</summary>
    public void Defer(EpollTarget target, ReadyEvents events)
    {
        target.Ticket = target.Ticket == 0 ? ++_lastTicket : target.Ticket;
        _waiting.Add(((target.TypicalTurn / _class << ClassShift) + target.Ticket, target, events));
    }

    /// <summary>Puts the turns that are not finished behind the others.</summary>
    public void DeferUnfinished()
    {
        foreach (var target in _unfinished)
        {
            if (target.Descriptor >= 0)
            {
                Defer(target, ReadyEvents.None);
            }
        }

        _unfinished.Clear();
    }

    /// <summary>The others have been served.</summary>
    public void BeginPass()
    {
        _end = time.GetTimestamp() + _pass;
        _waiting.Sort(static (a, b) => a.Rank.CompareTo(b.Rank));
        _oldest = 0;
        for (var index = 1; index < _waiting.Count; index++)
        {
            _oldest = _waiting[index].Target.Ticket < _waiting[_oldest].Target.Ticket ? index : _oldest;
        }
    }

    /// <summary>
    /// The next one to be served in this pass, and in any case the one that has waited longest. False, and nobody waits any more, when the pass
    /// has to end.
    /// </summary>
    public bool TryNext(out EpollTarget? target, out ReadyEvents events)
    {
        while (_next < _waiting.Count && (_next == 0 || time.GetTimestamp() < _end))
        {
            if (TryTake(_next++, out target, out events))
            {
                return true;
            }
        }

        if (_oldest < _waiting.Count && TryTake(_oldest, out target, out events))
        {
            return true;
        }

        EndPass();
        (target, events) = (null, ReadyEvents.None);
        return false;
    }

    // False when it has been served in this pass.
    private bool TryTake(int index, out EpollTarget? target, out ReadyEvents events)
    {
        (_, target, events) = _waiting[index];
        var isWaiting = target.Ticket != 0;
        target.Ticket = 0;
        return isWaiting;
    }

    private void EndPass()
    {
        foreach (var (_, target, events) in _waiting)
        {
            if (target.Ticket != 0 && events == ReadyEvents.None)
            {
                _unfinished.Add(target);
            }
        }

        _waiting.Clear();
        _next = 0;
    }
}
