using Broker.Core.Topics;

namespace Broker.Storage.Journal;

/// <summary>
/// First look at a batch: what in it still matters at its end. A sequence is used once in a session, and the key of a shared message in one frame
/// only, so the batch knows all about those; Packet Identifiers and retained topics come again, and what came last counts.
/// </summary>
internal sealed class BatchSurvey : IChangeTarget
{
    private readonly HashSet<long> _ended = [];
    private readonly HashSet<(long Session, long Sequence)> _queued = [];
    private readonly HashSet<(long Session, long Sequence)> _removed = [];
    private readonly Dictionary<(long Session, long Sequence), long> _sharedKeys = [];
    private readonly HashSet<long> _referred = [];
    private readonly Dictionary<(long Session, ushort PacketId), int> _lastReceived = [];
    private readonly Dictionary<byte[], int> _lastRetained = new(new ByteStringComparer());
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _lastRetainedBySpan;
    private int _receivedCount;
    private int _retainedCount;

    public BatchSurvey() => _lastRetainedBySpan = _lastRetained.GetAlternateLookup<ReadOnlySpan<byte>>();

    public void Clear()
    {
        _ended.Clear();
        _queued.Clear();
        _removed.Clear();
        _sharedKeys.Clear();
        _referred.Clear();
        _lastReceived.Clear();
        _lastRetained.Clear();
        _receivedCount = 0;
        _retainedCount = 0;
    }

    /// <summary>The batch has been looked at.</summary>
    public void End()
    {
        foreach (var ((session, sequence), key) in _sharedKeys)
        {
            if (!IsEnded(session) && !IsRemoved(session, sequence))
            {
                _referred.Add(key);
            }
        }
    }

    /// <summary>True for a session that ends in the batch.</summary>
    public bool IsEnded(long session) => _ended.Contains(session);

    /// <summary>True for a message that is queued in the batch.</summary>
    public bool IsQueued(long session, long sequence) => _queued.Contains((session, sequence));

    /// <summary>True for a message that is removed in the batch.</summary>
    public bool IsRemoved(long session, long sequence) => _removed.Contains((session, sequence));

    /// <summary>True for a shared message that somebody has in the queue at the end of the batch.</summary>
    public bool IsReferred(long key) => _referred.Contains(key);

    /// <summary>True when the so many-th change of received Packet Identifiers is the last of this one.</summary>
    public bool IsLastReceived(long session, ushort packetId, int ordinal) => _lastReceived[(session, packetId)] == ordinal;

    /// <summary>True when the so many-th change of retained messages is the last of this topic.</summary>
    public bool IsLastRetained(ReadOnlySpan<byte> topic, int ordinal) => _lastRetainedBySpan[topic] == ordinal;

    public void SessionAttached(long session, in SessionData data)
    {
    }

    public void SessionDetached(long session, uint expirySeconds, bool keepWill, long at)
    {
    }

    public void WillPublished(long session)
    {
    }

    public void SessionEnded(long session) => _ended.Add(session);

    public void Subscribed(long session, ReadOnlySpan<byte> filter, SubscriptionOptions options, uint identifier)
    {
    }

    public void Unsubscribed(long session, ReadOnlySpan<byte> filter)
    {
    }

    public void SharedMessage(long key, in MessageData message)
    {
    }

    public void Queued(long session, long sequence, long sharedKey, in MessageData message, in TermsData terms)
    {
        _queued.Add((session, sequence));
        if (sharedKey != 0)
        {
            _sharedKeys[(session, sequence)] = sharedKey;
        }
    }

    public void Released(long session, long sequence)
    {
    }

    public void Removed(long session, long sequence) => _removed.Add((session, sequence));

    public void SequencesUsed(long session, long upTo)
    {
    }

    public void Received(long session, ushort packetId) => _lastReceived[(session, packetId)] = _receivedCount++;

    public void ReceiveEnded(long session, ushort packetId) => _lastReceived[(session, packetId)] = _receivedCount++;

    public void Retained(in MessageData message) => _lastRetainedBySpan[message.Topic] = _retainedCount++;

    public void RetainedRemoved(ReadOnlySpan<byte> topic) => _lastRetainedBySpan[topic] = _retainedCount++;
}
