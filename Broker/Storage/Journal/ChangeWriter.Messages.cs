namespace Broker.Storage.Journal;

internal sealed partial class ChangeWriter
{
    public void SessionAttached(long session, in SessionData data)
    {
        var writer = Begin(ChangeKind.SessionAttached, LargestLength(data) + FieldWriter.NumberLength);
        writer.Number(session);
        writer.Byte((byte)((data.HasUsername ? ChangeFlags.SessionHasUsername : 0)
            | (data.HasWill ? ChangeFlags.SessionHasWill : 0)
            | (data.WillExpirySeconds.HasValue ? ChangeFlags.WillExpires : 0)));
        writer.Byte((byte)data.Protocol);
        writer.Number(data.ExpirySeconds);
        writer.Bytes(data.ClientId);
        writer.Bytes(data.Username);
        writer.Bytes(data.Listener);
        if (data.HasWill)
        {
            Write(ref writer, data.Will);
            writer.Number(data.WillDelaySeconds);
            writer.Number(data.WillExpirySeconds ?? 0);
        }

        End(writer);
    }

    public void SharedMessage(long key, in MessageData message)
    {
        var writer = Begin(ChangeKind.SharedMessage, FieldWriter.NumberLength + LargestLength(message));
        writer.Number(key);
        Write(ref writer, message);
        End(writer);
    }

    public void Queued(long session, long sequence, long sharedKey, in MessageData message, in TermsData terms)
    {
        var writer = Begin(ChangeKind.Queued, 3 * FieldWriter.NumberLength + LargestLength(terms) + LargestLength(message));
        writer.Number(session);
        writer.Number(sequence);
        writer.Number(sharedKey);
        Write(ref writer, terms);
        if (sharedKey == 0)
        {
            Write(ref writer, message);
        }

        End(writer);
    }

    public void Retained(in MessageData message)
    {
        var writer = Begin(ChangeKind.Retained, LargestLength(message));
        Write(ref writer, message);
        End(writer);
    }

    private static void Write(ref FieldWriter writer, in MessageData message)
    {
        var expires = message.ExpiresAt != long.MaxValue;
        writer.Byte((byte)((int)message.Qos | (message.Retain ? ChangeFlags.Retain : 0) | (expires ? ChangeFlags.MessageExpires : 0)));
        writer.Bytes(message.Topic);
        writer.Bytes(message.Payload);
        writer.Bytes(message.Properties);
        writer.Bytes(message.Publisher);
        if (expires)
        {
            writer.Time(message.ExpiresAt);
        }
    }

    private static void Write(ref FieldWriter writer, in TermsData terms)
    {
        writer.Byte((byte)((int)terms.Qos
            | (terms.Retain ? ChangeFlags.Retain : 0)
            | (terms.Identifiers.IsEmpty ? 0 : ChangeFlags.TermsHaveIdentifiers)
            | (terms.Group.IsEmpty ? 0 : ChangeFlags.TermsHaveGroup)));
        if (!terms.Identifiers.IsEmpty)
        {
            writer.Bytes(terms.Identifiers);
        }

        if (!terms.Group.IsEmpty)
        {
            writer.Bytes(terms.Group);
        }
    }

    private static int LargestLength(in MessageData message) =>
        1 + 4 * FieldWriter.NumberLength + message.Topic.Length + message.Payload.Length + message.Properties.Length + message.Publisher.Length + sizeof(long);

    private static int LargestLength(in TermsData terms) => 1 + 2 * FieldWriter.NumberLength + terms.Identifiers.Length + terms.Group.Length;

    private static int LargestLength(in SessionData data) =>
        2 + 6 * FieldWriter.NumberLength + data.ClientId.Length + data.Username.Length + data.Listener.Length + LargestLength(data.Will);
}
