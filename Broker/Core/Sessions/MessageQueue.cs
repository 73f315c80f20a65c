namespace Broker.Core.Sessions;

/// <summary>A session's waiting messages, first in, first out [MQTT-4.6.0-6], with the bytes they hold.</summary>
internal sealed class MessageQueue
{
    private readonly Queue<QueuedMessage> _messages = new();

    /// <summary>Messages that wait.</summary>
    public int Count => _messages.Count;

    /// <summary>Bytes of those messages.</summary>
    public long Bytes { get; private set; }

    /// <summary>All of them, oldest first.</summary>
    public IEnumerable<QueuedMessage> All => _messages;

    /// <summary>Appends a message.</summary>
    public void Enqueue(in QueuedMessage message)
    {
        _messages.Enqueue(message);
        Bytes += message.Message.Size;
    }

    /// <summary>The oldest message.</summary>
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
