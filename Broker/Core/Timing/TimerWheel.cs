namespace Broker.Core.Timing;

/// <summary>
/// One wheel for keep-alive, wills and expiry: scheduling and cancelling are O(1), a deadline costs 32 bytes and no timer of its own.
/// Deadlines are met late by up to one tick, never early.
/// </summary>
internal sealed class TimerWheel : IDisposable
{
    /// <summary>Resolution, in milliseconds.</summary>
    public const int TickMilliseconds = 100;

    private const int SpokeCount = 1024;
    private const int None = -1;

    // Entries never move: growing costs neither a copy nor what it would leave behind.
    private const int ChunkBits = 10;
    private const int ChunkLength = 1 << ChunkBits;

    private readonly Lock _gate = new();
    private readonly BrokerClock _clock;
    private readonly int[] _spokes = new int[SpokeCount];
    private readonly ITimer _timer;
    private readonly List<ITimed> _due = [];
    private Entry[][] _chunks = [new Entry[ChunkLength]];
    private int _free = None;
    private int _used;
    private long _tick;

    public TimerWheel(BrokerClock clock)
    {
        _clock = clock;
        _tick = clock.Now / TickMilliseconds;
        Array.Fill(_spokes, None);
        var period = TimeSpan.FromMilliseconds(TickMilliseconds);
        _timer = clock.Time.CreateTimer(static wheel => ((TimerWheel)wheel!).Turn(), this, period, period);
    }

    /// <summary>Deadlines that are scheduled.</summary>
    public int Count { get; private set; }

    /// <summary>Calls <paramref name="target"/> once, <paramref name="milliseconds"/> from now.</summary>
    public TimerHandle Schedule(ITimed target, long milliseconds)
    {
        lock (_gate)
        {
            // The spoke under the hand has been read already; a deadline inside the running tick belongs to the next one.
            var tick = Math.Max(((_clock.Now + milliseconds) / TickMilliseconds) + 1, _tick + 1);
            var index = TakeEntry();
            ref var entry = ref EntryAt(index);
            entry.Target = target;
            entry.Tick = tick;
            Link(index, ref entry);
            Count++;
            return new TimerHandle(index + 1, entry.Generation);
        }
    }

    /// <summary>Forgets a deadline; does nothing when it has passed. Resets the handle.</summary>
    public void Cancel(ref TimerHandle handle)
    {
        if (!handle.IsSet)
        {
            return;
        }

        lock (_gate)
        {
            var index = handle.Slot - 1;
            if (EntryAt(index).Target is not null && EntryAt(index).Generation == handle.Generation)
            {
                Remove(index);
            }
        }

        handle = default;
    }

    public void Dispose() => _timer.Dispose();

    private void Turn()
    {
        ITimed[] due;
        lock (_gate)
        {
            var now = _clock.Now / TickMilliseconds;
            var steps = Math.Min(now - _tick, SpokeCount);
            for (var step = 1; step <= steps; step++)
            {
                CollectDue((int)((_tick + step) % SpokeCount), now);
            }

            _tick = Math.Max(_tick, now);
            if (_due.Count == 0)
            {
                return;
            }

            due = [.. _due];
            _due.Clear();
        }

        foreach (var target in due)
        {
            target.OnTimer();
        }
    }

    private void CollectDue(int spoke, long now)
    {
        for (var index = _spokes[spoke]; index != None;)
        {
            ref var entry = ref EntryAt(index);
            var next = entry.Next;
            if (entry.Tick <= now)
            {
                _due.Add(entry.Target!);
                Remove(index);
            }

            index = next;
        }
    }

    private ref Entry EntryAt(int index) => ref _chunks[index >> ChunkBits][index & (ChunkLength - 1)];

    private int TakeEntry()
    {
        if (_free != None)
        {
            var index = _free;
            _free = EntryAt(index).Next;
            return index;
        }

        if (_used == _chunks.Length * ChunkLength)
        {
            _chunks = [.. _chunks, new Entry[ChunkLength]];
        }

        return _used++;
    }

    private void Link(int index, ref Entry entry)
    {
        ref var head = ref _spokes[entry.Tick % SpokeCount];
        entry.Previous = None;
        entry.Next = head;
        if (head != None)
        {
            EntryAt(head).Previous = index;
        }

        head = index;
    }

    private void Remove(int index)
    {
        ref var entry = ref EntryAt(index);
        if (entry.Previous == None)
        {
            _spokes[entry.Tick % SpokeCount] = entry.Next;
        }
        else
        {
            EntryAt(entry.Previous).Next = entry.Next;
        }

        if (entry.Next != None)
        {
            EntryAt(entry.Next).Previous = entry.Previous;
        }

        entry.Target = null;
        entry.Generation++;
        entry.Next = _free;
        _free = index;
        Count--;
    }

    private struct Entry
    {
        public ITimed? Target;
        public long Tick;
        public int Next;
        public int Previous;
        public int Generation;
    }
}
