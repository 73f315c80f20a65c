using System.Text.Json;
using System.Text.Unicode;
using Broker.Primitives;
using Broker.Storage.Database;

namespace Broker.Storage.Export;

/// <summary>Writes retained messages and sessions with all that belongs to them as JSON lines (docs/storage-format.md).</summary>
internal sealed class StoreExport : IDisposable
{
    /// <summary>The format that is written, and the latest that is read.</summary>
    public const int Format = 1;

    private readonly StoreDatabase _database;
    private readonly JsonLines _lines;
    private readonly Statement _subscriptions;
    private readonly Statement _received;
    private readonly Statement _released;
    private readonly Statement _queue;

    private StoreExport(StoreDatabase database, TextWriter output)
    {
        _database = database;
        _lines = new JsonLines(output);
        var file = database.Connection;
        _subscriptions = file.Prepare(
            "SELECT filter, qos, no_local, retain_as_published, retain_handling, identifier FROM subscription WHERE session = ? ORDER BY filter");
        _received = file.Prepare("SELECT packet_id FROM received WHERE session = ? ORDER BY packet_id");
        _released = file.Prepare("SELECT sequence FROM queue WHERE session = ? AND released = 1 ORDER BY sequence");
        _queue = file.Prepare("""
            SELECT coalesce(q.topic, m.topic), coalesce(q.qos, m.qos), coalesce(q.retain, m.retain), coalesce(q.expires_at, m.expires_at),
              coalesce(q.publisher, m.publisher), coalesce(q.properties, m.properties), coalesce(q.payload, m.payload),
              q.sequence, q.delivery_qos, q.delivery_retain, q.subscription_identifiers, q.shared_filter
            FROM queue q LEFT JOIN message m ON m.key = q.shared_key
            WHERE q.session = ? AND NOT q.released AND (q.topic NOTNULL OR m.key NOTNULL) ORDER BY q.sequence
            """);
    }

    /// <summary>Writes everything that is in the database.</summary>
    /// <param name="database">The database.</param>
    /// <param name="output">Where to.</param>
    /// <param name="now">Time of the export, in milliseconds since 1970 (UTC).</param>
    public static ExportCounts Write(StoreDatabase database, TextWriter output, long now)
    {
        using StoreExport export = new(database, output);
        return export.WriteAll(now);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _lines.Dispose();
        _subscriptions.Dispose();
        _received.Dispose();
        _released.Dispose();
        _queue.Dispose();
    }

    private ExportCounts WriteAll(long now)
    {
        var head = _lines.Begin("broker"u8);
        head.WriteNumber("format"u8, Format);
        head.WriteNumber("exportedAt"u8, now);
        _lines.End();
        var retained = WriteRetained();
        var (sessions, queued) = WriteSessions();
        ExportCounts counts = new(retained, sessions, queued);
        var end = _lines.Begin("end"u8);
        end.WriteNumber("retained"u8, counts.Retained);
        end.WriteNumber("sessions"u8, counts.Sessions);
        end.WriteNumber("queued"u8, counts.Queued);
        _lines.End();
        return counts;
    }

    private long WriteRetained()
    {
        using var rows = _database.Connection.Prepare("SELECT topic, qos, 1, expires_at, publisher, properties, payload FROM retained ORDER BY topic");
        long count = 0;
        for (; rows.Read(); count++)
        {
            WriteMessage(_lines.Begin("retained"u8), rows, 0);
            _lines.End();
        }

        return count;
    }

    private (long Sessions, long Queued) WriteSessions()
    {
        using var rows = _database.Connection.Prepare("""
            SELECT will_topic, will_qos, will_retain, NULL, will_publisher, will_properties, will_payload, will_delay_seconds, will_expiry_seconds,
              key, client_id, username, listener, protocol, expiry_seconds, detached_at,
              max(sequences_used, (SELECT coalesce(max(sequence), 0) FROM queue WHERE session = key))
            FROM session WHERE expiry_seconds > 0 ORDER BY client_id
            """);
        var (sessions, queued) = (0L, 0L);
        for (; rows.Read(); sessions++)
        {
            WriteSession(_lines.Begin("session"u8), rows);
            _lines.End();
            queued += WriteQueue(rows.Number(9));
        }

        return (sessions, queued);
    }

    private void WriteSession(Utf8JsonWriter json, Statement row)
    {
        var key = row.Number(9);
        json.WriteString("clientId"u8, row.Bytes(10));
        if (!row.IsNull(11))
        {
            json.WriteString("username"u8, row.Bytes(11));
        }

        json.WriteString("listener"u8, row.Bytes(12));
        json.WriteString("protocol"u8, ((ClientProtocol)row.Number(13)).ToString());
        json.WriteNumber("expirySeconds"u8, row.Number(14));
        json.WriteNumber("detachedAt"u8, row.IsNull(15) ? _database.LastWrittenAt : row.Number(15));
        json.WriteNumber("lastSequence"u8, row.Number(16));
        if (!row.IsNull(0))
        {
            json.WriteStartObject("will"u8);
            WriteMessage(json, row, 0);
            json.WriteNumber("delaySeconds"u8, row.Number(7));
            WriteOptional(json, "expirySeconds"u8, row, 8);
            json.WriteEndObject();
        }

        WriteSubscriptions(json, key);
        WriteNumbers(json, "received"u8, _received, key);
        WriteNumbers(json, "released"u8, _released, key);
    }

    private void WriteSubscriptions(Utf8JsonWriter json, long session)
    {
        json.WriteStartArray("subscriptions"u8);
        _subscriptions.Bind(1, session);
        while (_subscriptions.Read())
        {
            json.WriteStartObject();
            json.WriteString("filter"u8, _subscriptions.Bytes(0));
            json.WriteNumber("qos"u8, _subscriptions.Number(1));
            json.WriteBoolean("noLocal"u8, _subscriptions.Flag(2));
            json.WriteBoolean("retainAsPublished"u8, _subscriptions.Flag(3));
            json.WriteNumber("retainHandling"u8, _subscriptions.Number(4));
            json.WriteNumber("identifier"u8, _subscriptions.Number(5));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private long WriteQueue(long session)
    {
        _queue.Bind(1, session);
        long count = 0;
        for (; _queue.Read(); count++)
        {
            var json = _lines.Begin("queued"u8);
            json.WriteNumber("sequence"u8, _queue.Number(7));
            json.WriteNumber("deliveryQos"u8, _queue.Number(8));
            json.WriteBoolean("deliveryRetain"u8, _queue.Flag(9));
            json.WriteStartArray("subscriptionIdentifiers"u8);
            foreach (var identifier in SubscriptionIdentifiers.Parse(_queue.Bytes(10)))
            {
                json.WriteNumberValue(identifier);
            }

            json.WriteEndArray();
            if (!_queue.IsNull(11))
            {
                json.WriteString("sharedFilter"u8, _queue.Bytes(11));
            }

            WriteMessage(json, _queue, 0);
            _lines.End();
        }

        return count;
    }

    // Columns topic, qos, retain, expires_at, publisher, properties, payload.
    private static void WriteMessage(Utf8JsonWriter json, Statement row, int first)
    {
        json.WriteString("topic"u8, row.Bytes(first));
        json.WriteNumber("qos"u8, row.Number(first + 1));
        json.WriteBoolean("retain"u8, row.Flag(first + 2));
        WriteOptional(json, "expiresAt"u8, row, first + 3);
        json.WriteString("publisher"u8, row.Bytes(first + 4));
        if (row.Bytes(first + 5) is { IsEmpty: false } properties)
        {
            json.WriteBase64String("propertiesBase64"u8, properties);
        }

        var payload = row.Bytes(first + 6);
        if (Utf8.IsValid(payload))
        {
            json.WriteString("payload"u8, payload);
        }
        else
        {
            json.WriteBase64String("payloadBase64"u8, payload);
        }
    }

    private static void WriteNumbers(Utf8JsonWriter json, ReadOnlySpan<byte> name, Statement rows, long session)
    {
        json.WriteStartArray(name);
        rows.Bind(1, session);
        while (rows.Read())
        {
            json.WriteNumberValue(rows.Number(0));
        }

        json.WriteEndArray();
    }

    private static void WriteOptional(Utf8JsonWriter json, ReadOnlySpan<byte> name, Statement row, int column)
    {
        if (!row.IsNull(column))
        {
            json.WriteNumber(name, row.Number(column));
        }
    }
}
