using Broker.Core.Ports;
using Broker.Core.Timing;
using Broker.Primitives;
using Broker.Storage.Database;
using Broker.Storage.Journal;

namespace Broker.Tests.Storage;

/// <summary>A database in memory that keeps the changes it was given, as text, and answers for queues.</summary>
internal sealed class MemoryDatabase : ChangeText, IStoreDatabase
{
    private readonly List<(long Session, long Sequence, string Topic, bool Added)> _queue = [];
    private int _linesBefore = -1;
    private int _queueBefore;

    public long LastFrame { get; private set; }

    public long LastWrittenAt { get; private set; }

    public long BytesInUse { get; set; }

    public long HighestSharedKey { get; private set; }

    public long HighestSessionKey { get; private set; }

    /// <summary>Transactions that were committed.</summary>
    public int Commits { get; private set; }

    /// <summary>Released by each commit.</summary>
    public SemaphoreSlim Committed { get; } = new(0);

    public Func<Exception?>? FailBegin { get; set; }

    public Func<Exception?>? FailCommit { get; set; }

    public bool IsClosed { get; private set; }

    public void Begin()
    {
        if (_linesBefore >= 0)
        {
            throw new InvalidOperationException("There is a transaction already.");
        }
        if (FailBegin?.Invoke() is { } fault)
        {
            throw fault;
        }
        _linesBefore = Lines.Count;
        _queueBefore = _queue.Count;
    }

    public void Commit(long lastFrame, long writtenAt)
    {
        if (FailCommit?.Invoke() is { } fault)
        {
            throw fault;
        }
        _linesBefore = -1;
        LastFrame = lastFrame;
        LastWrittenAt = writtenAt;
        Commits++;
        Committed.Release();
    }

    public void Rollback()
    {
        if (_linesBefore >= 0)
        {
            Lines.RemoveRange(_linesBefore, Lines.Count - _linesBefore);
            _queue.RemoveRange(_queueBefore, _queue.Count - _queueBefore);
            _linesBefore = -1;
        }
    }

    public override void SessionAttached(long session, in SessionData data)
    {
        base.SessionAttached(session, data);
        HighestSessionKey = Math.Max(HighestSessionKey, session);
    }

    public override void SharedMessage(long key, in MessageData message)
    {
        base.SharedMessage(key, message);
        HighestSharedKey = Math.Max(HighestSharedKey, key);
    }

    public override void Queued(long session, long sequence, long sharedKey, in MessageData message, in TermsData terms)
    {
        base.Queued(session, sequence, sharedKey, message, terms);
        _queue.Add((session, sequence, sharedKey == 0 ? Text(message.Topic) : $"={sharedKey}", true));
    }

    public override void Removed(long session, long sequence)
    {
        base.Removed(session, sequence);
        _queue.Add((session, sequence, "", false));
    }

    public IEnumerable<StoredSession> LoadSessions(BrokerClock clock) => [];

    public IEnumerable<Message> LoadRetained(BrokerClock clock) => [];

    public List<StoredMessage> ReadQueue(long session, long after, int count, BrokerClock clock) =>
    [
        .. _queue.Where(entry => entry.Session == session && entry.Added && entry.Sequence > after)
            .Where(entry => !_queue.Exists(other => other.Session == session && other.Sequence == entry.Sequence && !other.Added))
            .Take(count)
            .Select(entry => new StoredMessage(
                entry.Sequence, new Message { Topic = System.Text.Encoding.UTF8.GetBytes(entry.Topic) }, Qos.AtLeastOnce, false, [], null)),
    ];

    public void Dispose()
    {
        Rollback();
        IsClosed = true;
    }
}
