using Broker.Core.Ports;
using Broker.Core.Timing;
using Broker.Primitives;
using Broker.Storage.Journal;

namespace Broker.Storage.Database;

/// <summary>
/// Where the journal's changes move to, in transactions. Used by one thread at a time. Every member may throw <see cref="StoreFaultException"/>;
/// after <see cref="Rollback"/> the same changes may be tried again.
/// </summary>
internal interface IStoreDatabase : IChangeTarget, IDisposable
{
    /// <summary>Number of the last frame whose changes are in the database; 0 for none.</summary>
    long LastFrame { get; }

    /// <summary>When that frame was written, in milliseconds since 1970 (UTC); 0 for none.</summary>
    long LastWrittenAt { get; }

    /// <summary>The highest key of a shared message ever taken over; 0 for none.</summary>
    long HighestSharedKey { get; }

    /// <summary>The highest key of a session ever taken over; 0 for none.</summary>
    long HighestSessionKey { get; }

    /// <summary>Begins a transaction.</summary>
    void Begin();

    /// <summary>Ends the transaction; everything in it is on disk, with the number and time of the frame that it goes up to.</summary>
    void Commit(long lastFrame, long writtenAt);

    /// <summary>Undoes what was changed since <see cref="Begin"/>; nothing happens when there is no transaction.</summary>
    void Rollback();

    /// <summary>The stored sessions.</summary>
    IEnumerable<StoredSession> LoadSessions(BrokerClock clock);

    /// <summary>The stored retained messages that have not expired.</summary>
    IEnumerable<Message> LoadRetained(BrokerClock clock);

    /// <summary>Bytes of the database that hold something; what was removed has left room in it.</summary>
    long BytesInUse { get; }

    /// <summary>
    /// Up to <paramref name="count"/> queued messages above <paramref name="after"/> that are not released, in order; fewer, but one at least, when
    /// they are large.
    /// </summary>
    List<StoredMessage> ReadQueue(long session, long after, int count, BrokerClock clock);
}
