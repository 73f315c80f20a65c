using System.Runtime.CompilerServices;
using Broker.Core.Ports;
using Broker.Core.Routing;
using Broker.Core.Topics;
using Broker.Primitives;

namespace Broker.Core.Sessions;

internal sealed partial class Session
{
    // So many messages of a stored queue are held in memory; the others wait in the store.
    private const int MostInMemory = 1024;
    private const int LeastInMemory = MostInMemory / 2;

    // However few they are.
    private const long MostBytesInMemory = 1024 * 1024;

    /// <summary>True when the session outlives the process.</summary>
    public bool IsDurable => _record is not null;

    /// <summary>What has to be on disk before anything that the session has recorded may be acknowledged.</summary>
    public long RecordedPosition => _record?.Position ?? 0;

    /// <summary>Sets the deadlines of a session that an earlier process left: they went on counting.</summary>
    public void Resume()
    {
        lock (this)
        {
            ScheduleEnd(Math.Max(1, _broker.Clock.Now - _record!.DetachedAt));
        }
    }

    /// <inheritdoc />
    void ICommitWaiter.OnCommitted(long committed)
    {
        using var batch = DeliveryBatch.Begin(_broker);
        lock (this)
        {
            if (_link is { } link)
            {
                Continue(link, batch);
            }
        }
    }

    /// <inheritdoc />
    void ICommitWaiter.OnStoreFailed()
    {
        // What waits goes on waiting; nobody has been told that it is safe.
    }

    // A connection goes on where the session stands, once that is on disk: the client must not learn of what a crash could undo.
    private void Continue(DeliveryLink link, DeliveryBatch batch)
    {
        if (_record is { } record)
        {
            record.IsHeld = !record.IsCommitted && (_inflight is { Count: > 0 } || _queue is not null);
            if (record.IsHeld)
            {
                record.Await(this, record.Position);
                return;
            }
        }

        Pump(link, batch);
        ReleaseWaiting(link);
    }

    private void RecordAttached()
    {
        if (_record is null && _expirySeconds > 0 && _broker.Store.IsDurable)
        {
            _record = new SessionRecord(_broker.Store, _broker.Store.NewSessionKey());
        }

        _record?.Attached(Identity, _expirySeconds, _will);
    }

    // What a session that ends or loses its connection records takes effect together with what is published because of that.
    private StoreGroup BeginChanges() => new(_record is null ? null : _broker.Store);

    private void DeliverRecorded(SessionRecord record, in Publication publication, in StoredTerms terms, DeliveryBatch batch)
    {
        var isOpen = _link is { } link && QueuedCount == 0 && _resend is null && _active < link.ReceiveMaximum;
        if (!isOpen && !HasRoom(publication.Size, terms, batch.Durability != Configuration.Durability.Memory, batch))
        {
            return;
        }

        var message = Record(record, batch.Keep(publication), terms, batch);
        if (message.SendAfter <= _broker.Store.Committed && TrySendNow(publication, message, batch))
        {
            return;
        }

        if (message.IsStored && StaysAway(message.Message.Size))
        {
            LeaveAway(record, message);
            return;
        }

        record.LastInMemory = message.Sequence;
        Enqueue(message, batch);
        if (_link is not null && message.SendAfter > 0)
        {
            record.Await(this, message.SendAfter);
        }
    }

    private bool StaysAway(int size) =>
        (_queue is { } queue && (queue.Away > 0 || queue.InMemory >= MostInMemory || queue.BytesInMemory >= MostBytesInMemory))
        || ExceedsMemory(size);

    private bool ExceedsMemory(int size) => _broker.Queues.BytesInMemory + size > _broker.Options.Sessions.MaximumQueuedBytesInMemory;

    private void LeaveAway(SessionRecord record, in QueuedMessage message)
    {
        var queue = _queue ??= new MessageQueue(_broker.Queues);
        if (queue.Away == 0)
        {
            record.LastInMemory = message.Sequence - 1;
        }

        queue.EnqueueAway(message.Message.Size);
        if (_link is not null)
        {
            ReadOn(queue);
        }
    }

    private QueuedMessage Record(SessionRecord record, Message message, in StoredTerms terms, DeliveryBatch batch)
    {
        var sequence = record.NextSequence();
        // Behind messages that only the store has, there is no place for one that it does not have.
        if (batch.Durability == Configuration.Durability.Memory && _queue is not { Away: > 0 })
        {
            return new QueuedMessage(message, terms, sequence);
        }

        var position = record.Queued(sequence, message, terms, batch.IsShared);
        batch.Recorded(position);
        var sendAfter = terms.Qos == Qos.ExactlyOnce && batch.Durability == Configuration.Durability.Sync ? position : 0;
        return new QueuedMessage(message, terms, sequence, IsStored: true, sendAfter);
    }

    private static ref InflightEntry AddTo(InflightTable inflight, long sequence)
    {
        if (sequence == 0)
        {
            return ref inflight.Add();
        }

        return ref inflight.Add(SessionRecord.PacketIdOf(sequence), sequence);
    }

    // A delivery is over.
    private void Forget(ref InflightEntry entry)
    {
        if (entry.IsStored)
        {
            _record!.Removed(entry.Sequence);
        }

        _inflight!.Remove(ref entry);
    }

    // False while a message has to be on disk first.
    private bool MaySend(in QueuedMessage message)
    {
        if (message.SendAfter <= _broker.Store.Committed)
        {
            return true;
        }

        _record!.Await(this, message.SendAfter);
        return false;
    }

    // An earlier process may have sent it: so many messages fit into a window [MQTT-3.3.1-1].
    private bool IsRedelivery => _record is { Redeliveries: > 0 };

    private void CountRedelivery(in QueuedMessage message)
    {
        if (message.IsStored && IsRedelivery)
        {
            _record!.Redeliveries--;
        }
    }

    private void ReadOn(MessageQueue queue)
    {
        if (queue.Away > 0 && queue.InMemory < LeastInMemory && queue.BytesInMemory < MostBytesInMemory / 2 && _record is { IsReading: false } record)
        {
            record.ReadOn(MostInMemory - LeastInMemory, OnRead);
        }
    }

    private void OnRead(IReadOnlyList<StoredMessage> messages)
    {
        using var batch = DeliveryBatch.Begin(_broker);
        lock (this)
        {
            if (_record is not { } record || _queue is not { } queue)
            {
                return;
            }

            record.IsReading = false;
            foreach (var message in messages)
            {
                record.LastInMemory = message.Sequence;
                queue.Return(new QueuedMessage(message.Message, TermsOf(message), message.Sequence, IsStored: true));
            }

            if (messages.Count == 0)
            {
                queue.EndAway();
            }

            if (_link is { } link)
            {
                Pump(link, batch);
            }
        }
    }

    private StoredTerms TermsOf(in StoredMessage message) =>
        new(message.Qos, message.Retain, message.Identifiers, message.Group is { } group ? _broker.Subscriptions.GroupOf(group) : null);

    private void RestoreState(StoredSession stored)
    {
        var record = new SessionRecord(_broker.Store, stored);
        foreach (var (filter, options, identifier) in stored.Subscriptions)
        {
            var subscription = new Subscription(this, filter, options, identifier);
            _subscriptions.Put(subscription);
            _broker.Subscriptions.Add(subscription, null);
        }

        if (stored.Received.Count > 0)
        {
            _received = [.. stored.Received];
        }

        foreach (var sequence in stored.Released)
        {
            ref var entry = ref (_inflight ??= new InflightTable()).Add(SessionRecord.PacketIdOf(sequence), sequence);
            if (!Unsafe.IsNullRef(ref entry))
            {
                entry.State = InflightState.Released;
                entry.Terms = new StoredTerms(Qos.ExactlyOnce, Retain: false, []);
                entry.IsStored = true;
            }
        }

        if (stored.QueuedCount > 0)
        {
            _queue = new MessageQueue(_broker.Queues, stored.QueuedCount, stored.QueuedBytes);
            record.Redeliveries = Math.Min(stored.QueuedCount, _broker.Options.Mqtt.MaximumInflight);
        }

        _record = record;
    }
}
