using Broker.Core.Topics;

namespace Broker.Storage.Journal;

/// <summary>What takes the journal's changes over, in their order, when they move to the database. Times are milliseconds since 1970 (UTC). Spans are valid during the call only.</summary>
internal interface IChangeTarget
{
    void SessionAttached(long session, in SessionData data);

    void SessionDetached(long session, uint expirySeconds, bool keepWill, long at);

    void WillPublished(long session);

    void SessionEnded(long session);

    void Subscribed(long session, ReadOnlySpan<byte> filter, SubscriptionOptions options, uint identifier);

    void Unsubscribed(long session, ReadOnlySpan<byte> filter);

    /// <summary>A message that several sessions are to get comes once, before the first <see cref="Queued"/> that names its key.</summary>
    void SharedMessage(long key, in MessageData message);

    /// <summary>With a <paramref name="sharedKey"/> of 0 the message is the session's own and <paramref name="message"/> is set.</summary>
    void Queued(long session, long sequence, long sharedKey, in MessageData message, in TermsData terms);

    void Released(long session, long sequence);

    void Removed(long session, long sequence);

    void SequencesUsed(long session, long upTo);

    void Received(long session, ushort packetId);

    void ReceiveEnded(long session, ushort packetId);

    void Retained(in MessageData message);

    void RetainedRemoved(ReadOnlySpan<byte> topic);
}
