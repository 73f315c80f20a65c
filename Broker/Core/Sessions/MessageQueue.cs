namespace Broker.Core.Sessions;

/// <summary>
/// A session's waiting messages, first in, first out [MQTT-4.6.0-6], with the bytes they hold. The newest of a long queue may be away: in the
/// store only, until those before them have been sent.
/// </summary>
internal sealed class MessageQueue
{
    private readonly Queue<QueuedMessage> _messages = new();

    public MessageQueue()
    {
    }

    /// <summary>A queue that is in the store only.</summary>
    public MessageQueue(int away, long bytes)
    {
        Away = away;
        Bytes = bytes;
    }

    /// <summary>Messages that wait.</summary>
    public int Count => _messages.Count + Away;

    /// <summary>Bytes of those messages.</summary>
    public long Bytes { get; private set; }

    /// <summary>Messages that are in the store only.</summary>
    public int Away { get; private set; }

    /// <summary>Messages in memory.</summary>
    public int InMemory => _messages.Count;

    /// <summary>Those in memory, oldest first.</summary>
    public IEnumerable<QueuedMessage> All => _messages;

    /// <summary>Appends a message.</summary>
    public void Enqueue(in QueuedMessage message)
    {
        _messages.Enqueue(message);
        Bytes += message.Message.Size;
    }

    /// <summary>Counts a message that only the store keeps.</summary>
    public void EnqueueAway(int bytes)
    {
        Away++;
        Bytes += bytes;
    }

    /// <summary>A message that was away is back: it follows those in memory.</summary>
    public void Return(in QueuedMessage message)
    {
        Away--;
        _messages.Enqueue(message);
    }

    /// <summary>The store has no more of this queue.</summary>
    public void EndAway()
    {
        Away = 0;
        Bytes = _messages.Sum(static message => (long)message.Message.Size);
    }

    /// <summary>The oldest message in memory.</summary>
    public bool TryPeek(out QueuedMessage message) => _messages.TryPeek(out message);

    /// <summary>Takes the oldest message off.</summary>
    public QueuedMessage Dequeue()
    {
        var message = _messages.Dequeue();
        Bytes -= message.Message.Size;
        return message;
    }

    /// <summary>Gives back memory that a past peak needed.</summary>
    public void Trim() => _messages.TrimExcess();
}
