using System.Diagnostics.CodeAnalysis;
using Broker.Core.Ports;
using Broker.Core.Timing;
using Broker.Primitives;

namespace Broker.Storage.Database;

/// <summary>What is read at start, and queues later.</summary>
internal sealed partial class StoreDatabase
{
    // Of large messages fewer are read at a time.
    private const int MostBytesRead = 1024 * 1024;

    private readonly PublisherNames _publishers = new();
    private readonly Queue<Action> _over = [];
    private Statement _readQueue;
    private Statement _removeExpired;

    /// <inheritdoc />
    /// <remarks>Reads over a connection of its own, so that changes may come meanwhile. What is found to be over is removed by the next transaction.</remarks>
    public IEnumerable<StoredSession> LoadSessions(BrokerClock clock)
    {
        using var file = SqliteFile.Open(_file.Path);
        using var loading = new SessionLoading(file, clock, LastWrittenAt);
        foreach (var session in loading.ReadAll())
        {
            yield return session;
        }

        lock (_over)
        {
            loading.Ended.ForEach(session => _over.Enqueue(() => SessionEnded(session)));
        }
    }

    /// <inheritdoc />
    /// <remarks>As with <see cref="LoadSessions"/>.</remarks>
    public IEnumerable<Message> LoadRetained(BrokerClock clock)
    {
        var now = clock.ToUnixMilliseconds(clock.Now);
        PublisherNames publishers = new();
        using var file = SqliteFile.Open(_file.Path);
        using var rows = file.Prepare("SELECT qos, 1, expires_at, publisher, topic, properties, payload FROM retained");
        while (rows.Read())
        {
            if (rows.IsNull(2) || rows.Number(2) > now)
            {
                yield return ReadMessage(rows, 0, publishers, clock);
                continue;
            }

            var topic = rows.Bytes(4).ToArray();
            lock (_over)
            {
                _over.Enqueue(() => RemoveExpired(topic, now));
            }
        }
    }

    /// <inheritdoc />
    public List<StoredMessage> ReadQueue(long session, long after, int count, BrokerClock clock)
    {
        var rows = _readQueue;
        rows.Bind(1, session);
        rows.Bind(2, after);
        rows.Bind(3, count);
        List<StoredMessage> messages = [];
        for (var bytes = 0; bytes < MostBytesRead && rows.Read(); bytes += messages[^1].Message.Size)
        {
            var group = TopicFilter.TryParse(rows.Bytes(4), out var filter, out _) ? filter : null;
            messages.Add(new StoredMessage(
                rows.Number(0), ReadMessage(rows, 5, _publishers, clock), (Qos)rows.Number(1), rows.Flag(2), SubscriptionIdentifiers.Parse(rows.Bytes(3)), group));
        }

        rows.Reset();
        return messages;
    }

    // Columns qos, retain, expires_at, publisher, topic, properties, payload.
    private static Message ReadMessage(Statement rows, int first, PublisherNames publishers, BrokerClock clock) => new()
    {
        Qos = (Qos)rows.Number(first),
        Retain = rows.Flag(first + 1),
        ExpiresAt = rows.IsNull(first + 2) ? Message.NeverExpires : clock.FromUnixMilliseconds(rows.Number(first + 2)),
        Publisher = publishers.Get(rows.Bytes(first + 3)),
        Topic = rows.Bytes(first + 4).ToArray(),
        Properties = rows.Bytes(first + 5).ToArray(),
        Payload = rows.Bytes(first + 6).ToArray(),
    };

    private void RemoveExpired(byte[] topic, long now)
    {
        _removeExpired.BindText(1, topic);
        _removeExpired.Bind(2, now);
        _removeExpired.Execute();
    }

    private void RemoveWhatIsOver()
    {
        lock (_over)
        {
            while (_over.TryDequeue(out var removal))
            {
                removal();
            }
        }
    }

    [MemberNotNull(nameof(_readQueue), nameof(_removeExpired))]
    private void PrepareReading()
    {
        _readQueue = Prepare("""
            SELECT q.sequence, q.delivery_qos, q.delivery_retain, q.subscription_identifiers, q.shared_filter, coalesce(q.qos, m.qos),
              coalesce(q.retain, m.retain), coalesce(q.expires_at, m.expires_at), coalesce(q.publisher, m.publisher), coalesce(q.topic, m.topic),
              coalesce(q.properties, m.properties), coalesce(q.payload, m.payload)
            FROM queue q LEFT JOIN message m ON m.key = q.shared_key
            WHERE q.session = ? AND q.sequence > ? AND NOT q.released AND (q.topic NOTNULL OR m.key NOTNULL) ORDER BY q.sequence LIMIT ?
            """);
        _removeExpired = Prepare("DELETE FROM retained WHERE topic = ? AND expires_at <= ?");
    }
}
