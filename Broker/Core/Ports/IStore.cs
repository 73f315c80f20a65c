using Broker.Core.Sessions;
using Broker.Core.Timing;
using Broker.Core.Topics;
using Broker.Core.Wills;
using Broker.Primitives;

namespace Broker.Core.Ports;

/// <summary>
/// Keeps what must outlive the process. Core records every change as it happens; recording costs a copy in memory and no input or output, so it
/// is allowed under a session's lock. The store writes and syncs what was recorded in groups, on threads of its own. A position says how much
/// must be written before something may be acknowledged: "acknowledged means stored". Times are those of the broker's clock.
/// </summary>
internal interface IStore
{
    /// <summary>False when nothing outlives the process: then sessions record nothing.</summary>
    bool IsDurable { get; }

    /// <summary>False while the disk is full or failing: what needs the disk is refused.</summary>
    bool IsAvailable { get; }

    /// <summary>Position up to which everything is on disk.</summary>
    long Committed { get; }

    /// <summary>What must end before a publisher goes on, because the disk does not keep up; null when it does.</summary>
    Task? Room { get; }

    /// <summary>Begins to load; called once, before anything else.</summary>
    void Open(BrokerClock clock);

    /// <summary>The stored sessions.</summary>
    IEnumerable<StoredSession> LoadSessions();

    /// <summary>The stored retained messages that have not expired.</summary>
    IEnumerable<Message> LoadRetained();

    /// <summary>
    /// Begins changes that take effect together or not at all; ends with <see cref="EndGroup"/> on the same thread, soon and without waiting
    /// for anything. Groups of several threads may be open at a time.
    /// </summary>
    void BeginGroup();

    /// <summary>Ends what <see cref="BeginGroup"/> began.</summary>
    void EndGroup();

    /// <summary>A key for a new session.</summary>
    long NewSessionKey();

    /// <summary>A connection has been attached: who it is, how long the session lives, its Will, all of which replace what was there.</summary>
    long SessionAttached(long session, ClientIdentity identity, uint expirySeconds, Will? will);

    /// <summary>The connection has ended: expiry and Will Delay begin to run. Without <paramref name="keepWill"/> the Will is gone.</summary>
    long SessionDetached(long session, uint expirySeconds, bool keepWill);

    /// <summary>The Will has been published.</summary>
    long WillPublished(long session);

    /// <summary>The session has ended, with everything that belongs to it.</summary>
    long SessionEnded(long session);

    /// <summary>A subscription was made or replaced.</summary>
    long Subscribed(long session, TopicFilter filter, SubscriptionOptions options, uint identifier);

    /// <summary>A subscription was ended.</summary>
    long Unsubscribed(long session, TopicFilter filter);

    /// <summary>
    /// A message was queued. Sequences of a session only rise. A message for several sessions is <paramref name="shared"/>: it is kept once.
    /// </summary>
    long Queued(long session, long sequence, Message message, in StoredTerms terms, bool shared);

    /// <summary>The receiver has a QoS 2 message (PUBREC): only its release is still to be completed.</summary>
    long Released(long session, long sequence);

    /// <summary>A delivery is complete, or a queued message was dropped.</summary>
    long Removed(long session, long sequence);

    /// <summary>Sequences up to this one may have been used, also for messages that are not stored.</summary>
    long SequencesUsed(long session, long upTo);

    /// <summary>A QoS 2 publish with this Packet Identifier was received.</summary>
    long Received(long session, ushort packetId);

    /// <summary>A received Packet Identifier was released (PUBREL).</summary>
    long ReceiveEnded(long session, ushort packetId);

    /// <summary>A retained message replaces that of its topic; an empty payload removes it.</summary>
    long Retained(Message message);

    /// <summary>Calls back once, on a thread of the store and with no lock held, when a position is committed, or when the disk fails meanwhile.</summary>
    void Notify(ICommitWaiter waiter, long position);

    /// <summary>
    /// Reads up to <paramref name="count"/> queued messages with sequences above <paramref name="after"/> that are not released, in order, among all
    /// that was recorded before the call; hands them over on a thread of the store.
    /// </summary>
    void ReadQueue(long session, long after, int count, Action<IReadOnlyList<StoredMessage>> receive);
}
