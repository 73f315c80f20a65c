using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using Broker.Primitives;
using Broker.Storage.Journal;

namespace Broker.Storage.Database;

/// <summary>Changes of queues and of retained messages.</summary>
internal sealed partial class StoreDatabase
{
    // Shared messages that may have lost their last queue row in this transaction.
    private readonly HashSet<long> _unused = [];

    private Statement _insertShared;
    private Statement _removeShared;
    private Statement _insertQueued;
    private Statement _sharedKeyOf;
    private Statement _release;
    private Statement _removeQueued;
    private Statement _retain;
    private Statement _removeRetained;

    /// <inheritdoc />
    public void SharedMessage(long key, in MessageData message)
    {
        HighestSharedKey = Math.Max(HighestSharedKey, key);
        _unused.Add(key);
        _insertShared.Bind(1, key);
        _insertShared.Bind(2, (long)message.Qos);
        _insertShared.Bind(3, message.Retain);
        BindContent(_insertShared, 4, message);
        _insertShared.BindText(6, message.Topic);
        _insertShared.Execute();
    }

    /// <inheritdoc />
    public void Queued(long session, long sequence, long sharedKey, in MessageData message, in TermsData terms)
    {
        var insert = _insertQueued;
        insert.Bind(1, session);
        insert.Bind(2, sequence);
        insert.Bind(4, (long)terms.Qos);
        insert.Bind(5, terms.Retain);
        BindIdentifiers(insert, 6, terms.Identifiers);
        insert.BindOptionalText(7, terms.Group);
        if (sharedKey == 0)
        {
            insert.BindNull(3);
            insert.Bind(8, (long)message.Qos);
            insert.Bind(9, message.Retain);
            BindContent(insert, 10, message);
            insert.BindText(12, message.Topic);
        }
        else
        {
            insert.Bind(3, sharedKey);
            for (var parameter = 8; parameter <= 14; parameter++)
            {
                insert.BindNull(parameter);
            }
        }

        insert.Execute();
    }

    /// <inheritdoc />
    public void Released(long session, long sequence)
    {
        MarkSharedAsUnused(session, sequence);
        _release.Bind(1, session);
        _release.Bind(2, sequence);
        _release.Execute();
    }

    /// <inheritdoc />
    public void Removed(long session, long sequence)
    {
        MarkSharedAsUnused(session, sequence);
        _removeQueued.Bind(1, session);
        _removeQueued.Bind(2, sequence);
        _removeQueued.Execute();
    }

    /// <inheritdoc />
    public void Retained(in MessageData message)
    {
        _retain.BindText(1, message.Topic);
        _retain.Bind(2, (long)message.Qos);
        BindExpiry(_retain, 3, message.ExpiresAt);
        _retain.BindOptionalText(4, message.Publisher);
        _retain.BindOptionalBytes(5, message.Properties);
        _retain.BindOptionalBytes(6, message.Payload);
        _retain.Execute();
    }

    /// <inheritdoc />
    public void RetainedRemoved(ReadOnlySpan<byte> topic)
    {
        _removeRetained.BindText(1, topic);
        _removeRetained.Execute();
    }

    // Columns expires_at, publisher, (topic), properties, payload.
    private static void BindContent(Statement statement, int first, in MessageData message)
    {
        BindExpiry(statement, first, message.ExpiresAt);
        statement.BindOptionalText(first + 1, message.Publisher);
        statement.BindOptionalBytes(first + 3, message.Properties);
        statement.BindOptionalBytes(first + 4, message.Payload);
    }

    private static void BindExpiry(Statement statement, int parameter, long expiresAt)
    {
        if (expiresAt == Message.NeverExpires)
        {
            statement.BindNull(parameter);
        }
        else
        {
            statement.Bind(parameter, expiresAt);
        }
    }

    private static void BindIdentifiers(Statement statement, int parameter, ReadOnlySpan<byte> identifiers)
    {
        if (identifiers.IsEmpty)
        {
            statement.BindNull(parameter);
            return;
        }

        const int longest = 11; // ten digits and a comma
        var most = identifiers.Length / sizeof(uint) * longest;
        Span<byte> text = most <= 256 ? stackalloc byte[256] : new byte[most];
        var length = 0;
        for (; !identifiers.IsEmpty; identifiers = identifiers[sizeof(uint)..])
        {
            if (length > 0)
            {
                text[length++] = (byte)',';
            }

            Utf8Formatter.TryFormat(BinaryPrimitives.ReadUInt32LittleEndian(identifiers), text[length..], out var written);
            length += written;
        }

        statement.BindText(parameter, text[..length]);
    }

    private void MarkSharedAsUnused(long session, long sequence)
    {
        _sharedKeyOf.Bind(1, session);
        _sharedKeyOf.Bind(2, sequence);
        if (_sharedKeyOf.Read())
        {
            if (_sharedKeyOf.Number(0) is var key and not 0)
            {
                _unused.Add(key);
            }

            _sharedKeyOf.Reset();
        }
    }

    private void RemoveUnusedMessages()
    {
        foreach (var key in _unused)
        {
            _removeShared.Bind(1, key);
            _removeShared.Execute();
        }
    }

    [MemberNotNull(
        nameof(_insertShared), nameof(_removeShared), nameof(_insertQueued), nameof(_sharedKeyOf), nameof(_release), nameof(_removeQueued),
        nameof(_retain), nameof(_removeRetained))]
    private void PrepareMessageChanges()
    {
        _insertShared = Prepare("INSERT OR REPLACE INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
        _removeShared = Prepare("DELETE FROM message WHERE key = ?1 AND NOT EXISTS (SELECT 1 FROM queue WHERE shared_key = ?1)");
        _insertQueued = Prepare("INSERT OR REPLACE INTO queue VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        _sharedKeyOf = Prepare("SELECT shared_key FROM queue WHERE session = ? AND sequence = ?");
        _release = Prepare("""
            UPDATE queue SET released = 1, shared_key = NULL, subscription_identifiers = NULL, shared_filter = NULL, qos = NULL, retain = NULL,
              expires_at = NULL, publisher = NULL, topic = NULL, properties = NULL, payload = NULL WHERE session = ? AND sequence = ?
            """);
        _removeQueued = Prepare("DELETE FROM queue WHERE session = ? AND sequence = ?");
        _retain = Prepare("INSERT OR REPLACE INTO retained VALUES (?, ?, ?, ?, ?, ?)");
        _removeRetained = Prepare("DELETE FROM retained WHERE topic = ?");
    }
}
