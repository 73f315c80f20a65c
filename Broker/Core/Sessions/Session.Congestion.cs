using Broker.Core.Timing;

namespace Broker.Core.Sessions;

internal sealed partial class Session
{
    // A client that is only a little slower than those who publish to it is not to lose messages: who publishes waits for it. One that has
    // stopped reading, or is much slower, holds nobody up: what its queue cannot take is refused or dropped, as the options say.
    private const int CongestedMessages = 20_000;
    private const long WatchMilliseconds = 200;
    private const int LongestWaitInTurns = 5;

    private Congestion? _congestion;

    /// <summary>
    /// What a publisher should wait for before it goes on: the queue of a receiver that makes progress has grown long. Null when it need not.
    /// A publisher that has deliveries of its own to acknowledge never waits, or two could wait for each other.
    /// </summary>
    public static Task? RoomFor(Session publisher, Session receiver) =>
        publisher._inflight is { Count: > 0 } || ReferenceEquals(publisher, receiver) ? null : receiver.WaitForRoom();

    private int CongestedAt => Math.Min(CongestedMessages, _maximumQueued / 2);

    private bool IsCongested => _link is not null && _queue is { } queue
        && (queue.Count > CongestedAt || queue.Bytes > _maximumQueuedBytes / 2);

    private Task? WaitForRoom()
    {
        lock (this)
        {
            if (!IsCongested || (_congestion is { } known && known.IsHopeless))
            {
                return null;
            }

            return (_congestion ??= new Congestion(this)).Room;
        }
    }

    // Called under the session's lock whenever the client acknowledges something.
    private void OnProgress()
    {
        if (_congestion is not { } congestion)
        {
            return;
        }

        congestion.Progress();
        if (_link is null || (_queue?.Count ?? 0) <= CongestedAt / 2)
        {
            congestion.End();
            _congestion = null;
        }
    }

    private void EndCongestion()
    {
        _congestion?.End();
        _congestion = null;
    }

    /// <summary>Publishers that wait for one session, and the watch over whether it still makes progress.</summary>
    private sealed class Congestion : ITimed
    {
        private readonly TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Session _session;
        private bool _progressed;
        private bool _ended;
        private int _turns;

        public Congestion(Session session)
        {
            _session = session;
            session._broker.Wheel.Schedule(this, WatchMilliseconds);
        }

        public Task Room => _room.Task;

        // Acknowledges nothing, or too little: until its queue is short again, nobody waits for it.
        public bool IsHopeless { get; private set; }

        public void Progress() => _progressed = true;

        public void End()
        {
            _ended = true;
            _room.TrySetResult();
        }

        public void OnTimer()
        {
            lock (_session)
            {
                if (_ended)
                {
                    return;
                }

                if (!_progressed || ++_turns == LongestWaitInTurns)
                {
                    IsHopeless = true;
                    _room.TrySetResult();
                    return;
                }

                _progressed = false;
                _session._broker.Wheel.Schedule(this, WatchMilliseconds);
            }
        }
    }
}
