namespace Broker.Transports.Epoll;

/// <summary>
/// Sockets whose turns take long, or that are new. They are served behind all others and for a while only, by turns, so that clients that ask for
/// much, or come in masses, wait for each other, and nobody else waits for them. What is left over is reported again by the next wait.
/// </summary>
internal sealed class LongTurns(TimeProvider time)
{
    private const int LongMicroseconds = 25;

    // One that only looks long, because the machine did something else meanwhile, does not count as much as it seems.
    private const int LongestMicroseconds = 150;
    private const int NewMicroseconds = 100;
    private const int PassMicroseconds = 2000;
    private const int Weight = 8;

    private readonly long _long = time.TimestampFrequency * LongMicroseconds / 1_000_000;
    private readonly long _longest = time.TimestampFrequency * LongestMicroseconds / 1_000_000;
    private readonly long _new = time.TimestampFrequency * NewMicroseconds / 1_000_000;
    private readonly long _pass = time.TimestampFrequency * PassMicroseconds / 1_000_000;
    private readonly List<(ReadyEvents Events, ulong Data)> _waiting = [];
    private long _began;
    private long _end;
    private int _given;
    private int _next;

    /// <summary>True when somebody waits.</summary>
    public bool IsNeeded => _waiting.Count > 0;

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

    /// <summary>Puts a ready descriptor behind the others.</summary>
    public void Defer(ReadyEvents events, ulong data) => _waiting.Add((events, data));

    /// <summary>The others have been served.</summary>
    public void BeginPass() => _end = time.GetTimestamp() + _pass;

    /// <summary>The next one to be served in this pass. The first of a pass always is; false, and nobody waits any more, when the pass has to end.</summary>
    public bool TryNext(out ReadyEvents events, out ulong data)
    {
        if (_given == _waiting.Count || (_given > 0 && time.GetTimestamp() >= _end))
        {
            // Those that come first in one pass do not in the next.
            _next += _given;
            _given = 0;
            _waiting.Clear();
            (events, data) = (ReadyEvents.None, 0);
            return false;
        }

        (events, data) = _waiting[(int)((uint)(_next + _given) % (uint)_waiting.Count)];
        _given++;
        return true;
    }
}
