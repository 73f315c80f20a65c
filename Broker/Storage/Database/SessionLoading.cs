using System.Text;
using Broker.Core.Ports;
using Broker.Core.Sessions;
using Broker.Core.Timing;
using Broker.Core.Topics;
using Broker.Core.Wills;
using Broker.Primitives;

namespace Broker.Storage.Database;

/// <summary>Reads all sessions in one pass: five cursors in the order of the sessions' keys, side by side.</summary>
internal sealed class SessionLoading : IDisposable
{
    private readonly BrokerClock _clock;
    private readonly long _lastWrittenAt;
    private readonly Statement _sessions;
    private readonly SessionCursor _subscriptions;
    private readonly SessionCursor _received;
    private readonly SessionCursor _queues;
    private readonly SessionCursor _released;

    /// <param name="file">A connection that nothing else uses; what it sees stands still from here on.</param>
    /// <param name="clock">The clock of the times in the sessions.</param>
    /// <param name="lastWrittenAt">When sessions that were attached at the end were seen last.</param>
    public SessionLoading(SqliteFile file, BrokerClock clock, long lastWrittenAt)
    {
        _clock = clock;
        _lastWrittenAt = lastWrittenAt;
        file.Execute("BEGIN"); // All cursors see the same state.
        _sessions = file.Prepare("""
            SELECT key, client_id, username, listener, protocol, expiry_seconds, detached_at, sequences_used, will_qos, will_retain,
              will_delay_seconds, will_expiry_seconds, will_publisher, will_topic, will_properties, will_payload FROM session ORDER BY key
            """);
        _subscriptions = new(file.Prepare(
            "SELECT session, filter, qos, no_local, retain_as_published, retain_handling, identifier FROM subscription ORDER BY session"), Ended);
        _received = new(file.Prepare("SELECT session, packet_id FROM received ORDER BY session"), Ended);
        _queues = new(file.Prepare("""
            SELECT q.session, max(q.sequence), count(*) FILTER (WHERE q.topic NOTNULL OR m.key NOTNULL),
              sum(coalesce(octet_length(q.topic), octet_length(m.topic), 0) + coalesce(octet_length(q.properties), octet_length(m.properties), 0)
                + coalesce(octet_length(q.payload), octet_length(m.payload), 0))
            FROM queue q LEFT JOIN message m ON m.key = q.shared_key GROUP BY q.session ORDER BY q.session
            """), Ended);
        _released = new(file.Prepare("SELECT session, sequence FROM queue WHERE released = 1 ORDER BY session, sequence"), Ended);
    }

    /// <summary>Sessions that are over although they were not ended, and those of which nothing but parts is there.</summary>
    public List<long> Ended { get; } = [];

    /// <summary>The sessions in the order of their keys.</summary>
    public IEnumerable<StoredSession> ReadAll()
    {
        while (_sessions.Read())
        {
            var key = _sessions.Number(0);
            if (_sessions.Number(5) == 0)
            {
                Ended.Add(key);
                Skip(key);
            }
            else
            {
                yield return ReadSession(key);
            }
        }

        Skip(long.MaxValue);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _sessions.Dispose();
        _subscriptions.Dispose();
        _received.Dispose();
        _queues.Dispose();
        _released.Dispose();
    }

    private void Skip(long upTo)
    {
        foreach (var cursor in (ReadOnlySpan<SessionCursor>)[_subscriptions, _received, _queues, _released])
        {
            cursor.Skip(upTo);
        }
    }

    private StoredSession ReadSession(long key)
    {
        (long Last, int Count, long Bytes) queue = _queues.ReadAll(key, static row => (row.Number(1), (int)row.Number(2), row.Number(3))).FirstOrDefault();
        return new StoredSession
        {
            Key = key,
            Identity = new ClientIdentity(
                Text(1), _sessions.IsNull(2) ? null : Text(2), (ClientProtocol)_sessions.Number(4), Text(3), Peer: null),
            ExpirySeconds = (uint)_sessions.Number(5),
            DetachedAt = _clock.FromUnixMilliseconds(_sessions.IsNull(6) ? _lastWrittenAt : _sessions.Number(6)),
            Will = ReadWill(),
            Subscriptions = _subscriptions.ReadAll(key, ReadSubscription),
            Received = _received.ReadAll(key, static row => (ushort)row.Number(1)),
            Released = _released.ReadAll(key, static row => row.Number(1)),
            LastSequence = Math.Max(_sessions.Number(7), queue.Last),
            QueuedCount = queue.Count,
            QueuedBytes = queue.Bytes,
        };
    }

    private Will? ReadWill()
    {
        if (_sessions.IsNull(13))
        {
            return null;
        }

        Message message = new()
        {
            Qos = (Qos)_sessions.Number(8),
            Retain = _sessions.Flag(9),
            Publisher = Text(12),
            Topic = _sessions.Bytes(13).ToArray(),
            Properties = _sessions.Bytes(14).ToArray(),
            Payload = _sessions.Bytes(15).ToArray(),
        };
        return new Will(message, (uint)_sessions.Number(10), _sessions.IsNull(11) ? null : (uint)_sessions.Number(11));
    }

    private static StoredSubscription ReadSubscription(Statement row)
    {
        if (!TopicFilter.TryParse(row.Bytes(1), out var filter, out var error))
        {
            throw new StoreFaultException($"The database holds a subscription of session {row.Number(0)} that is not a Topic Filter: {error}.");
        }

        SubscriptionOptions options = new((Qos)row.Number(2), row.Flag(3), row.Flag(4), (RetainHandling)row.Number(5));
        return new StoredSubscription(filter, options, (uint)row.Number(6));
    }

    private string Text(int column) => Encoding.UTF8.GetString(_sessions.Bytes(column));
}
