using Broker.Core.Ports;
using Broker.Core.Topics;
using Broker.Core.Wills;
using Broker.Primitives;

namespace Broker.Core.Sessions;

/// <summary>What a session that outlives the process records in the store. The session's lock guards it.</summary>
internal sealed class SessionRecord(IStore store, long key)
{
    private const int SequencesReserved = 4096;

    private long _position;
    private long _sequence;
    private long _reserved;

    /// <summary>Continues the record of a stored session.</summary>
    public SessionRecord(IStore store, StoredSession stored)
        : this(store, stored.Key)
    {
        _sequence = stored.LastSequence;
        _reserved = stored.LastSequence;
        DetachedAt = stored.DetachedAt;
    }

    /// <summary>Position of the last change to what the session subscribes to, delivers or receives.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>True when the last change is on disk.</summary>
    public bool IsCommitted => store.Committed >= _position;

    /// <summary>Stored messages that an earlier process may have sent already.</summary>
    public int Redeliveries { get; set; }

    /// <summary>The last sequence that was in memory: what follows it is read from the store.</summary>
    public long LastInMemory { get; set; }

    /// <summary>True while messages are being read from the store.</summary>
    public bool IsReading { get; set; }

    /// <summary>When the connection that an earlier process had ended, on the broker's clock.</summary>
    public long DetachedAt { get; init; }

    /// <summary>True while nothing is sent because what the session recorded last is not on disk.</summary>
    public bool IsHeld { get; set; }

    /// <summary>The last position that the session asked to be told of.</summary>
    public long Awaited { get; set; }

    /// <summary>
    /// The Packet Identifier of a message: given by its sequence, so that a process that continues after a crash uses the one that the client
    /// knows, without having written it down.
    /// </summary>
    public static ushort PacketIdOf(long sequence) => (ushort)(((sequence - 1) % ushort.MaxValue) + 1);

    /// <summary>The next sequence.</summary>
    public long NextSequence()
    {
        // Sequences of messages that are not stored must not be used again either, or the client takes a new message for one that it has.
        if (++_sequence > _reserved - (SequencesReserved / 2))
        {
            _reserved = _sequence + SequencesReserved;
            store.SequencesUsed(key, _reserved);
        }

        return _sequence;
    }

    /// <inheritdoc cref="IStore.SessionAttached" />
    public void Attached(ClientIdentity identity, uint expirySeconds, Will? will) => store.SessionAttached(key, identity, expirySeconds, will);

    /// <inheritdoc cref="IStore.SessionDetached" />
    public void Detached(uint expirySeconds, bool keepWill) => store.SessionDetached(key, expirySeconds, keepWill);

    /// <inheritdoc cref="IStore.WillPublished" />
    public void WillPublished() => store.WillPublished(key);

    /// <inheritdoc cref="IStore.SessionEnded" />
    public void Ended() => store.SessionEnded(key);

    /// <inheritdoc cref="IStore.Subscribed" />
    public void Subscribed(TopicFilter filter, SubscriptionOptions options, uint identifier) =>
        Changed(store.Subscribed(key, filter, options, identifier));

    /// <inheritdoc cref="IStore.Unsubscribed" />
    public void Unsubscribed(TopicFilter filter) => Changed(store.Unsubscribed(key, filter));

    /// <inheritdoc cref="IStore.Queued" />
    public long Queued(long sequence, Message message, in StoredTerms terms, bool shared) =>
        Changed(store.Queued(key, sequence, message, terms, shared));

    /// <inheritdoc cref="IStore.Released" />
    public void Released(long sequence) => Changed(store.Released(key, sequence));

    /// <inheritdoc cref="IStore.Removed" />
    public void Removed(long sequence) => store.Removed(key, sequence);

    /// <inheritdoc cref="IStore.Received" />
    public void Received(ushort packetId) => Changed(store.Received(key, packetId));

    /// <inheritdoc cref="IStore.ReceiveEnded" />
    public void ReceiveEnded(ushort packetId) => Changed(store.ReceiveEnded(key, packetId));

    /// <summary>Reads the messages that follow the last one in memory.</summary>
    public void ReadOn(int count, Action<IReadOnlyList<StoredMessage>> receive)
    {
        IsReading = true;
        store.ReadQueue(key, LastInMemory, count, receive);
    }

    /// <summary>Asks to be told when a position is on disk, unless that was asked already.</summary>
    public void Await(ICommitWaiter waiter, long position)
    {
        if (position > Awaited)
        {
            Awaited = position;
            store.Notify(waiter, position);
        }
    }

    private long Changed(long position)
    {
        Volatile.Write(ref _position, position);
        return position;
    }
}
