using Broker.Core.Topics;
using Broker.Primitives;

namespace Broker.Storage.Journal;

/// <summary>Decodes what <see cref="ChangeWriter"/> encoded.</summary>
internal static class ChangeReader
{
    /// <summary>Hands every change of a frame's payload to the target, in order.</summary>
    /// <exception cref="InvalidDataException">The payload is not made of changes that this version knows.</exception>
    public static void Replay(ReadOnlySpan<byte> payload, IChangeTarget target)
    {
        var reader = new FieldReader(payload);
        while (!reader.IsAtEnd)
        {
            ReplayOne(ref reader, target);
        }
    }

    private static void ReplayOne(ref FieldReader reader, IChangeTarget target)
    {
        var kind = (ChangeKind)reader.Byte();
        switch (kind)
        {
            case ChangeKind.SessionAttached: SessionAttached(ref reader, target); break;
            case ChangeKind.SessionDetached: SessionDetached(ref reader, target); break;
            case ChangeKind.WillPublished: target.WillPublished(reader.Number()); break;
            case ChangeKind.SessionEnded: target.SessionEnded(reader.Number()); break;
            case ChangeKind.Subscribed: Subscribed(ref reader, target); break;
            case ChangeKind.Unsubscribed: target.Unsubscribed(reader.Number(), reader.Bytes()); break;
            case ChangeKind.SharedMessage: target.SharedMessage(reader.Number(), Message(ref reader)); break;
            case ChangeKind.Queued: Queued(ref reader, target); break;
            case ChangeKind.Released: target.Released(reader.Number(), reader.Number()); break;
            case ChangeKind.Removed: target.Removed(reader.Number(), reader.Number()); break;
            case ChangeKind.SequencesUsed: target.SequencesUsed(reader.Number(), reader.Number()); break;
            case ChangeKind.Received: target.Received(reader.Number(), (ushort)reader.Number()); break;
            case ChangeKind.ReceiveEnded: target.ReceiveEnded(reader.Number(), (ushort)reader.Number()); break;
            case ChangeKind.Retained: target.Retained(Message(ref reader)); break;
            case ChangeKind.RetainedRemoved: target.RetainedRemoved(reader.Bytes()); break;
            default: throw new InvalidDataException($"a change has the unknown kind 0x{(byte)kind:X2}");
        }
    }

    private static void SessionAttached(ref FieldReader reader, IChangeTarget target)
    {
        var session = reader.Number();
        var flags = reader.Byte();
        var protocol = (ClientProtocol)reader.Byte();
        var expirySeconds = (uint)reader.Number();
        var clientId = reader.Bytes();
        var username = reader.Bytes();
        var listener = reader.Bytes();
        var hasWill = (flags & ChangeFlags.SessionHasWill) != 0;
        var will = hasWill ? Message(ref reader) : default;
        var delay = hasWill ? (uint)reader.Number() : 0;
        var expiry = hasWill ? (uint)reader.Number() : 0;
        target.SessionAttached(session, new SessionData
        {
            ClientId = clientId,
            HasUsername = (flags & ChangeFlags.SessionHasUsername) != 0,
            Username = username,
            Listener = listener,
            Protocol = protocol,
            ExpirySeconds = expirySeconds,
            HasWill = hasWill,
            Will = will,
            WillDelaySeconds = delay,
            WillExpirySeconds = (flags & ChangeFlags.WillExpires) != 0 ? expiry : null,
        });
    }

    private static void SessionDetached(ref FieldReader reader, IChangeTarget target) =>
        target.SessionDetached(reader.Number(), (uint)reader.Number(), reader.Byte() != 0, reader.Time());

    private static void Subscribed(ref FieldReader reader, IChangeTarget target)
    {
        var session = reader.Number();
        var filter = reader.Bytes();
        var flags = reader.Byte();
        var options = new SubscriptionOptions(
            (Qos)(flags & ChangeFlags.QosMask),
            (flags & ChangeFlags.SubscriptionNoLocal) != 0,
            (flags & ChangeFlags.SubscriptionRetainAsPublished) != 0,
            (RetainHandling)(flags >> ChangeFlags.SubscriptionRetainHandlingShift));
        target.Subscribed(session, filter, options, (uint)reader.Number());
    }

    private static void Queued(ref FieldReader reader, IChangeTarget target)
    {
        var session = reader.Number();
        var sequence = reader.Number();
        var sharedKey = reader.Number();
        var terms = Terms(ref reader);
        target.Queued(session, sequence, sharedKey, sharedKey == 0 ? Message(ref reader) : default, terms);
    }

    private static MessageData Message(ref FieldReader reader)
    {
        var flags = reader.Byte();
        return new MessageData
        {
            Qos = (Qos)(flags & ChangeFlags.QosMask),
            Retain = (flags & ChangeFlags.Retain) != 0,
            Topic = reader.Bytes(),
            Payload = reader.Bytes(),
            Properties = reader.Bytes(),
            Publisher = reader.Bytes(),
            ExpiresAt = (flags & ChangeFlags.MessageExpires) != 0 ? reader.Time() : long.MaxValue,
        };
    }

    private static TermsData Terms(ref FieldReader reader)
    {
        var flags = reader.Byte();
        return new TermsData
        {
            Qos = (Qos)(flags & ChangeFlags.QosMask),
            Retain = (flags & ChangeFlags.Retain) != 0,
            Identifiers = (flags & ChangeFlags.TermsHaveIdentifiers) != 0 ? reader.Bytes() : default,
            Group = (flags & ChangeFlags.TermsHaveGroup) != 0 ? reader.Bytes() : default,
        };
    }
}
