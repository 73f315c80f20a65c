using Broker.Core.Retained;
using Broker.Core.Topics;
using Broker.Primitives;

namespace Broker.Core.Sessions;

/// <summary>
/// The retained messages that a new subscription gets, read a few at a time. Each is looked at when it leaves: who has been told of a newer message of
/// the topic does not hear of the older one after it.
/// </summary>
internal sealed class RetainedDelivery(Subscription subscription, RetainedStore retained)
{
    private readonly RetainedCursor _cursor = new(subscription.Filter);
    private readonly List<RetainedNode> _found = [];
    private int _next;

    /// <summary>Who gets them, and on what terms.</summary>
    public Subscription Subscription => subscription;

    /// <summary>True when all have been delivered.</summary>
    public bool IsDone { get; private set; }

    /// <summary>The next message, if it has been read.</summary>
    public Message? Next(long now)
    {
        for (; _next < _found.Count; _next++)
        {
            if (_found[_next].Message is { } message && message.ExpiresAt > now) // [MQTT-3.3.2-5]
            {
                return message;
            }
        }

        return null;
    }

    /// <summary>The next message is delivered.</summary>
    public void Advance() => _next++;

    /// <summary>Reads some more when <see cref="Next"/> has none.</summary>
    public void ReadOn()
    {
        _found.Clear();
        _next = 0;
        IsDone = _cursor.IsDone || (!retained.Read(_cursor, _found) && _found.Count == 0);
    }
}
