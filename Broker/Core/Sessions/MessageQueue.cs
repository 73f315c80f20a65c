using Broker.Primitives;

namespace Broker.Core.Sessions;

/// <summary>
/// A session's waiting messages, first in, first out [MQTT-4.6.0-6], with the bytes they hold. The newest of a long queue may be away: in the
/// store only, until those before them have been sent.
/// </summary>
internal sealed class MessageQueue(QueueTotals totals)
{
    // What is dropped at a time of those that make room, so that a full queue is not walked for each message.
    private const int DroppedPart = 4;

    private Queue<QueuedMessage> _messages = new();
    private int _qos0;

    /// <summary>A queue that is in the store only.</summary>
    public MessageQueue(QueueTotals totals, int away, long bytes)
        : this(totals)
    {
        Away = away;
        Bytes = bytes;
        totals.Add(away, bytes, 0);
    }

    /// <summary>Messages that wait.</summary>
    public int Count => _messages.Count + Away;

    /// <summary>Bytes of those messages.</summary>
    public long Bytes { get; private set; }

    /// <summary>Messages that are in the store only.</summary>
    public int Away { get; private set; }

    /// <summary>Messages in memory.</summary>
    public int InMemory => _messages.Count;

    /// <summary>Bytes of those in memory.</summary>
    public long BytesInMemory { get; private set; }

    /// <summary>Those in memory, oldest first.</summary>
    public IEnumerable<QueuedMessage> All => _messages;

    /// <summary>Appends a message.</summary>
    public void Enqueue(in QueuedMessage message)
    {
        _messages.Enqueue(message);
        _qos0 += message.Terms.Qos == Qos.AtMostOnce ? 1 : 0;
        Account(1, message.Message.Size, message.Message.Size);
    }

    /// <summary>Counts a message that only the store keeps.</summary>
    public void EnqueueAway(int bytes)
    {
        Away++;
        Account(1, bytes, 0);
    }

    /// <summary>A message that was away is back: it follows those in memory.</summary>
    public void Return(in QueuedMessage message)
    {
        Away--;
        _messages.Enqueue(message);
        Account(0, 0, message.Message.Size);
    }

    /// <summary>The store has no more of this queue.</summary>
    public void EndAway()
    {
        var lost = Away;
        Away = 0;
        Account(-lost, BytesInMemory - Bytes, 0);
    }

    /// <summary>The oldest message in memory.</summary>
    public bool TryPeek(out QueuedMessage message) => _messages.TryPeek(out message);

    /// <summary>Takes the oldest message off.</summary>
    public QueuedMessage Dequeue()
    {
        var message = _messages.Dequeue();
        _qos0 -= message.Terms.Qos == Qos.AtMostOnce ? 1 : 0;
        Account(-1, -message.Message.Size, -message.Message.Size);
        return message;
    }

    /// <summary>Drops the older part of the messages at QoS 0.</summary>
    /// <returns>How many; 0 when there are none.</returns>
    public int DropQos0()
    {
        var dropped = (_qos0 + DroppedPart - 1) / DroppedPart;
        if (dropped == 0)
        {
            return 0;
        }

        var rest = new Queue<QueuedMessage>(_messages.Count - dropped);
        var left = dropped;
        foreach (var message in _messages)
        {
            if (left > 0 && message.Terms.Qos == Qos.AtMostOnce)
            {
                left--;
                Account(-1, -message.Message.Size, -message.Message.Size);
            }
            else
            {
                rest.Enqueue(message);
            }
        }

        _messages = rest;
        _qos0 -= dropped;
        return dropped;
    }

    /// <summary>The session has ended: nothing of it counts any more.</summary>
    public void End() => totals.Add(-Count, -Bytes, -BytesInMemory);

    /// <summary>Gives back memory that a past peak needed.</summary>
    public void Trim() => _messages.TrimExcess();

    private void Account(int messages, long bytes, long bytesInMemory)
    {
        Bytes += bytes;
        BytesInMemory += bytesInMemory;
        totals.Add(messages, bytes, bytesInMemory);
    }
}
