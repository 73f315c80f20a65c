using Broker.Core.Ports;
using Broker.Core.Sessions;
using Broker.Core.Timing;
using Broker.Core.Topics;
using Broker.Core.Wills;
using Broker.Primitives;

namespace Broker.Storage;

/// <summary>Nothing outlives the process.</summary>
internal sealed class MemoryStore : IStore
{
    public bool IsDurable => false;

    public bool IsAvailable => true;

    public long Committed => long.MaxValue;

    public Task? Room => null;

    public void Open(BrokerClock clock)
    {
    }

    public IEnumerable<StoredSession> LoadSessions() => [];

    public IEnumerable<Message> LoadRetained() => [];

    public void BeginGroup()
    {
    }

    public void EndGroup()
    {
    }

    public long NewSessionKey() => 0;

    public long SessionAttached(long session, ClientIdentity identity, uint expirySeconds, Will? will) => 0;

    public long SessionDetached(long session, uint expirySeconds, bool keepWill) => 0;

    public long WillPublished(long session) => 0;

    public long SessionEnded(long session) => 0;

    public long Subscribed(long session, TopicFilter filter, SubscriptionOptions options, uint identifier) => 0;

    public long Unsubscribed(long session, TopicFilter filter) => 0;

    public long Queued(long session, long sequence, Message message, in StoredTerms terms, bool shared) => 0;

    public long Released(long session, long sequence) => 0;

    public long Removed(long session, long sequence) => 0;

    public long SequencesUsed(long session, long upTo) => 0;

    public long Received(long session, ushort packetId) => 0;

    public long ReceiveEnded(long session, ushort packetId) => 0;

    public long Retained(Message message) => 0;

    public void Notify(ICommitWaiter waiter, long position)
    {
    }

    public void ReadQueue(long session, long after, int count, Action<IReadOnlyList<StoredMessage>> receive)
    {
    }
}
