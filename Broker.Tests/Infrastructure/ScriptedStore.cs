using Broker.Core.Ports;
using Broker.Core.Sessions;
using Broker.Core.Timing;
using Broker.Core.Topics;
using Broker.Core.Wills;
using Broker.Primitives;
using NUnit.Framework;

namespace Broker.Tests.Infrastructure;

/// <summary>
/// A store whose commits the test makes, and that survives a crash of its broker with what was committed. Keeps every change as an action on a
/// simple state, so that what a crash leaves is that state after the committed actions.
/// </summary>
internal sealed class ScriptedStore : IStore
{
    private readonly List<Action<StoreState>> _changes;
    private readonly List<(ICommitWaiter Waiter, long Position)> _waiting = [];
    private readonly Queue<Action> _reads = [];
    private readonly StoreState _loaded;
    private long _lastKey;
    private int _groups;
    private int _grouped;

    public ScriptedStore()
        : this([])
    {
    }

    private ScriptedStore(List<Action<StoreState>> changes)
    {
        _changes = changes;
        _loaded = StoreState.After(changes);
        Committed = changes.Count;
        _lastKey = _loaded.Sessions.Keys.DefaultIfEmpty().Max();
    }

    /// <summary>Commits everything at once when it is recorded.</summary>
    public bool CommitsAtOnce { get; set; }

    public bool IsDurable => true;

    public bool IsAvailable { get; set; } = true;

    public long Committed { get; private set; }

    /// <summary>Changes that were recorded.</summary>
    public long Recorded => _changes.Count;

    /// <summary>Pages that were read, by the number of messages in them.</summary>
    public List<int> Reads { get; } = [];

    public Task? Room { get; set; }

    private BrokerClock Clock { get; set; } = null!;

    /// <summary>Everything recorded so far is on disk.</summary>
    public void Commit() => Commit(_changes.Count);

    /// <summary>So many changes are on disk.</summary>
    public void Commit(long position)
    {
        Assert.That(_groups, Is.Zero, "A commit within a group.");
        Committed = position;
        foreach (var (waiter, _) in _waiting.Where(each => each.Position <= position).ToArray())
        {
            _waiting.RemoveAll(each => ReferenceEquals(each.Waiter, waiter));
            waiter.OnCommitted(position);
        }
    }

    /// <summary>Hands over what was read, and what is read because of that.</summary>
    public void Read()
    {
        while (_reads.TryDequeue(out Action? read))
        {
            read();
        }
    }

    /// <summary>The disk fails.</summary>
    public void Fail()
    {
        IsAvailable = false;
        foreach (var (waiter, _) in _waiting.ToArray())
        {
            waiter.OnStoreFailed();
        }
    }

    /// <summary>What the next process finds: everything that is committed.</summary>
    public ScriptedStore Crash() => new([.. _changes.Take((int)Committed)]);

    /// <summary>The state after all that is recorded.</summary>
    public StoreState State() => StoreState.After(_changes);

    public void Open(BrokerClock clock) => Clock = clock;

    public IEnumerable<StoredSession> LoadSessions() => _loaded.Load(Clock);

    public IEnumerable<Message> LoadRetained() => [.. _loaded.Retained.Values];

    public void BeginGroup()
    {
        _groups++;
    }

    public void EndGroup()
    {
        if (--_groups == 0 && CommitsAtOnce && _grouped > 0)
        {
            _grouped = 0;
            Commit();
        }
    }

    public long NewSessionKey() => ++_lastKey;

    public long SessionAttached(long session, ClientIdentity identity, uint expirySeconds, Will? will) =>
        Record(state => state.Attach(session, identity, expirySeconds, will));

    public long SessionDetached(long session, uint expirySeconds, bool keepWill)
    {
        long at = Clock.ToUnixMilliseconds(Clock.Now);
        return Record(state => state.Detach(session, expirySeconds, keepWill, at));
    }

    public long WillPublished(long session) => Record(state => state.Sessions[session].Will = null);

    public long SessionEnded(long session) => Record(state => state.Sessions.Remove(session));

    public long Subscribed(long session, TopicFilter filter, SubscriptionOptions options, uint identifier) =>
        Record(state => state.Sessions[session].Subscriptions[filter.ToString()] = new StoredSubscription(filter, options, identifier));

    public long Unsubscribed(long session, TopicFilter filter) => Record(state => state.Sessions[session].Subscriptions.Remove(filter.ToString()));

    public long Queued(long session, long sequence, Message message, in StoredTerms terms, bool shared)
    {
        var stored = new StoredMessage(sequence, message, terms.Qos, terms.Retain, terms.Identifiers, terms.Group?.Filter);
        return Record(state => state.Sessions[session].Queue.Add(sequence, stored));
    }

    public long Released(long session, long sequence) => Record(state => state.Release(session, sequence));

    public long Removed(long session, long sequence) => Record(state => state.Remove(session, sequence));

    public long SequencesUsed(long session, long upTo) => Record(state => state.Sessions[session].LastSequence = upTo);

    public long Received(long session, ushort packetId) => Record(state => state.Sessions[session].Received.Add(packetId));

    public long ReceiveEnded(long session, ushort packetId) => Record(state => state.Sessions[session].Received.Remove(packetId));

    public long Retained(Message message) => Record(state => state.Retain(message));

    public void Notify(ICommitWaiter waiter, long position)
    {
        Assert.That(position, Is.LessThanOrEqualTo(_changes.Count), "A wait for something that is not recorded.");
        _waiting.Add((waiter, position));
    }

    public void ReadQueue(long session, long after, int count, Action<IReadOnlyList<StoredMessage>> receive)
    {
        StoredMessage[] page = State().Sessions.TryGetValue(session, out StoredSessionState? stored)
            ? [.. stored.Queue.Values.Where(message => message.Sequence > after).Take(count)]
            : [];
        _reads.Enqueue(() => receive(page));
        Reads.Add(page.Length);
    }

    private long Record(Action<StoreState> change)
    {
        _changes.Add(change);
        if (CommitsAtOnce && _groups == 0)
        {
            Committed = _changes.Count;
        }
        else
        {
            _grouped++;
        }

        return _changes.Count;
    }
}
