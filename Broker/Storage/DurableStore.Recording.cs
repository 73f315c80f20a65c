using System.Runtime.InteropServices;
using System.Text;
using Broker.Core.Sessions;
using Broker.Core.Topics;
using Broker.Core.Wills;
using Broker.Primitives;
using Broker.Storage.Journal;

namespace Broker.Storage;

internal sealed partial class DurableStore
{
    private const int PublisherBytesOnStack = 256;

    // Held while a change is copied into the buffer, and while buffers are swapped; never during input or output.
    private readonly object _gate = new();
    private ChangeWriter _recording = new(new FrameBuffer());
    private ChangeWriter _writing = new(new FrameBuffer());
    private long _recorded;
    private long _taken;
    private long _lastSessionKey;
    private long _lastSharedKey;
    private long _firstSharedKeyOfFrame = 1;

    /// <inheritdoc />
    public long SessionAttached(long session, ClientIdentity identity, uint expirySeconds, Will? will)
    {
        var data = new SessionData
        {
            ClientId = Encoding.UTF8.GetBytes(identity.ClientId),
            HasUsername = identity.Username is not null,
            Username = Encoding.UTF8.GetBytes(identity.Username ?? ""),
            Listener = Encoding.UTF8.GetBytes(identity.Listener),
            Protocol = identity.Protocol,
            ExpirySeconds = expirySeconds,
            HasWill = will is not null,
            Will = will is null ? default : DataOf(will.Message, Encoding.UTF8.GetBytes(will.Message.Publisher)),
            WillDelaySeconds = will?.DelaySeconds ?? 0,
            WillExpirySeconds = will?.ExpirySeconds,
        };
        lock (_gate)
        {
            _recording.SessionAttached(session, data);
            return Recorded();
        }
    }

    /// <inheritdoc />
    public long SessionDetached(long session, uint expirySeconds, bool keepWill)
    {
        var at = _clock.Time.GetUtcNow().ToUnixTimeMilliseconds();
        lock (_gate)
        {
            _recording.SessionDetached(session, expirySeconds, keepWill, at);
            return Recorded();
        }
    }

    /// <inheritdoc />
    public long WillPublished(long session)
    {
        lock (_gate)
        {
            _recording.WillPublished(session);
            return Recorded();
        }
    }

    /// <inheritdoc />
    public long SessionEnded(long session)
    {
        lock (_gate)
        {
            _recording.SessionEnded(session);
            return Recorded();
        }
    }

    /// <inheritdoc />
    public long Subscribed(long session, TopicFilter filter, SubscriptionOptions options, uint identifier)
    {
        lock (_gate)
        {
            _recording.Subscribed(session, filter.FullText, options, identifier);
            return Recorded();
        }
    }

    /// <inheritdoc />
    public long Unsubscribed(long session, TopicFilter filter)
    {
        lock (_gate)
        {
            _recording.Unsubscribed(session, filter.FullText);
            return Recorded();
        }
    }

    /// <inheritdoc />
    public long Queued(long session, long sequence, Message message, in StoredTerms terms, bool shared)
    {
        Span<byte> scratch = stackalloc byte[PublisherBytesOnStack];
        var data = DataOf(message, Utf8(message.Publisher, scratch));
        var termsData = new TermsData
        {
            Qos = terms.Qos,
            Retain = terms.Retain,
            Identifiers = MemoryMarshal.AsBytes(terms.Identifiers.AsSpan()),
            Group = terms.Group is { } group ? group.Filter.FullText : default,
        };
        lock (_gate)
        {
            _recording.Queued(session, sequence, shared ? SharedKey(message, data) : 0, data, termsData);
            return Recorded();
        }
    }

    /// <inheritdoc />
    public long Released(long session, long sequence)
    {
        lock (_gate)
        {
            _recording.Released(session, sequence);
            return Recorded();
        }
    }

    /// <inheritdoc />
    public long Removed(long session, long sequence)
    {
        lock (_gate)
        {
            _recording.Removed(session, sequence);
            return Recorded();
        }
    }

    /// <inheritdoc />
    public long SequencesUsed(long session, long upTo)
    {
        lock (_gate)
        {
            _recording.SequencesUsed(session, upTo);
            return Recorded();
        }
    }

    /// <inheritdoc />
    public long Received(long session, ushort packetId)
    {
        lock (_gate)
        {
            _recording.Received(session, packetId);
            return Recorded();
        }
    }

    /// <inheritdoc />
    public long ReceiveEnded(long session, ushort packetId)
    {
        lock (_gate)
        {
            _recording.ReceiveEnded(session, packetId);
            return Recorded();
        }
    }

    /// <inheritdoc />
    public long Retained(Message message)
    {
        Span<byte> scratch = stackalloc byte[PublisherBytesOnStack];
        var data = DataOf(message, Utf8(message.Publisher, scratch));
        lock (_gate)
        {
            if (message.Payload.IsEmpty)
            {
                _recording.RetainedRemoved(message.Topic.Span);
            }
            else
            {
                _recording.Retained(data);
            }

            return Recorded();
        }
    }

    // A key is good for one frame: what refers to a shared message then always moves to the database together with it, and a message that is
    // queued again much later, when nobody refers to the stored one any more, is stored again.
    private long SharedKey(Message message, in MessageData data)
    {
        if (message.StoreKey < _firstSharedKeyOfFrame)
        {
            message.StoreKey = ++_lastSharedKey;
            _recording.SharedMessage(message.StoreKey, data);
        }

        return message.StoreKey;
    }

    private long Recorded()
    {
        _recorded = _taken + _recording.Frame.PayloadLength;
        if (_recorded - _committed > _limits.UncommittedBytes)
        {
            CloseRoom();
        }

        return _recorded;
    }

    private MessageData DataOf(Message message, ReadOnlySpan<byte> publisher) => new()
    {
        Topic = message.Topic.Span,
        Payload = message.Payload.Span,
        Properties = message.Properties.Span,
        Publisher = publisher,
        Qos = message.Qos,
        Retain = message.Retain,
        ExpiresAt = message.ExpiresAt == Message.NeverExpires ? long.MaxValue : _clock.ToUnixMilliseconds(message.ExpiresAt),
    };

    private static ReadOnlySpan<byte> Utf8(string text, Span<byte> scratch) =>
        Encoding.UTF8.TryGetBytes(text, scratch, out var length) ? scratch[..length] : Encoding.UTF8.GetBytes(text);
}
