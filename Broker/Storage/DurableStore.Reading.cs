using Broker.Core.Ports;
using Broker.Primitives;

namespace Broker.Storage;

internal sealed partial class DurableStore
{
    private readonly Queue<QueueRead> _reads = [];
    private int _loading;
    private bool _isMoving;

    /// <inheritdoc />
    public IEnumerable<StoredSession> LoadSessions() => Load(_database.LoadSessions(_clock));

    /// <inheritdoc />
    public IEnumerable<Message> LoadRetained() => Load(_database.LoadRetained(_clock));

    /// <inheritdoc />
    public void ReadQueue(long session, long after, int count, Action<IReadOnlyList<StoredMessage>> receive)
    {
        long position;
        lock (_moving)
        {
            position = Volatile.Read(ref _recorded);
            _reads.Enqueue(new QueueRead(session, after, count, position, receive));
            Monitor.PulseAll(_moving);
        }

        Want(position);
    }

    // The database has one user at a time: the mover waits while somebody loads, and the other way round.
    private IEnumerable<T> Load<T>(IEnumerable<T> stored)
    {
        lock (_moving)
        {
            while (_isMoving)
            {
                Monitor.Wait(_moving);
            }

            _loading++;
        }

        try
        {
            foreach (var item in stored)
            {
                yield return item;
            }
        }
        finally
        {
            lock (_moving)
            {
                _loading--;
                Monitor.PulseAll(_moving);
            }
        }
    }

    private void AnswerReads()
    {
        while (NextRead() is { } read)
        {
            Answer(read, _database.ReadQueue(read.Session, read.After, read.Count, _clock));
        }
    }

    // The oldest messages are in the database already: receivers get them also while nothing can be moved there.
    private void AnswerReadsFromBehind()
    {
        try
        {
            while (OldestRead() is { } read && _database.ReadQueue(read.Session, read.After, read.Count, _clock) is { Count: > 0 } messages)
            {
                Answer(read, messages);
            }
        }
        catch (Exception exception) when (DiskFault.Is(exception))
        {
            // They are answered when the disk works again.
        }
    }

    private void Answer(QueueRead read, List<StoredMessage> messages)
    {
        lock (_moving)
        {
            _reads.Dequeue();
        }

        ThreadPool.UnsafeQueueUserWorkItem(static answer => answer.Receive(answer.Messages), (read.Receive, Messages: messages), preferLocal: false);
    }

    private QueueRead? OldestRead()
    {
        lock (_moving)
        {
            return _reads.TryPeek(out var read) ? read : null;
        }
    }

    // The first whose changes are applied; positions rise.
    private QueueRead? NextRead() => OldestRead() is { } read && read.Position <= _applied.Position ? read : null;

    private void WakeMover()
    {
        lock (_moving)
        {
            _moveDue = true;
            Monitor.PulseAll(_moving);
        }
    }

    private void WakeMoverAfterCommit()
    {
        lock (_moving)
        {
            if (HasMoveWork())
            {
                Monitor.PulseAll(_moving);
            }
        }
    }

    private bool HasMoveWork() =>
        Committed - Volatile.Read(ref _moved) >= _limits.BatchBytes || (_reads.TryPeek(out var read) && read.Position <= Committed);

    // True when everything is to be moved, false when only as much as a reader or the size of a batch asks for.
    private bool WaitForMove(out bool stops)
    {
        lock (_moving)
        {
            _isMoving = false;
            Monitor.PulseAll(_moving);
            while (_loading > 0 || (!_moverStops && !HasMoveWork() && !(_moveDue && (_inTransaction || Committed > _moved))))
            {
                _moveDue = false;
                Monitor.Wait(_moving);
            }

            _isMoving = true;

            var all = _moveDue || _moverStops;
            _moveDue = false;
            stops = _moverStops;
            return all;
        }
    }

    // True when the store closes.
    private bool WaitForBeat()
    {
        lock (_moving)
        {
            _isMoving = false;
            Monitor.PulseAll(_moving);
            while (_loading > 0 || (!_moveDue && !_moverStops))
            {
                Monitor.Wait(_moving);
            }

            _isMoving = true;

            return _moverStops;
        }
    }

    private void StopMover()
    {
        lock (_moving)
        {
            _moverStops = true;
            Monitor.PulseAll(_moving);
        }

        _mover?.Join();
    }
}
