using System.Diagnostics.CodeAnalysis;
using Broker.Core.Topics;
using Broker.Storage.Journal;

namespace Broker.Storage.Database;

/// <summary>Changes of sessions and what belongs to them, messages excepted.</summary>
internal sealed partial class StoreDatabase
{
    private Statement _attach;
    private Statement _detach;
    private Statement _removeWill;
    private Statement _useSequences;
    private Statement _subscribe;
    private Statement _unsubscribe;
    private Statement _receive;
    private Statement _endReceive;
    private Statement _sharedKeysOfSession;
    private Statement[] _endSession;

    /// <inheritdoc />
    public void SessionAttached(long session, in SessionData data)
    {
        HighestSessionKey = Math.Max(HighestSessionKey, session);
        _attach.Bind(1, session);
        _attach.BindText(2, data.ClientId);
        if (data.HasUsername)
        {
            _attach.BindText(3, data.Username);
        }
        else
        {
            _attach.BindNull(3);
        }

        _attach.BindText(4, data.Listener);
        _attach.Bind(5, (long)data.Protocol);
        _attach.Bind(6, data.ExpirySeconds);
        BindWill(data);
        _attach.Execute();
    }

    /// <inheritdoc />
    public void SessionDetached(long session, uint expirySeconds, bool keepWill, long at)
    {
        _detach.Bind(1, session);
        _detach.Bind(2, expirySeconds);
        _detach.Bind(3, at);
        _detach.Execute();
        if (!keepWill)
        {
            WillPublished(session);
        }
    }

    /// <inheritdoc />
    public void WillPublished(long session)
    {
        _removeWill.Bind(1, session);
        _removeWill.Execute();
    }

    /// <inheritdoc />
    public void SessionEnded(long session)
    {
        _sharedKeysOfSession.Bind(1, session);
        while (_sharedKeysOfSession.Read())
        {
            _unused.Add(_sharedKeysOfSession.Number(0));
        }

        foreach (var statement in _endSession)
        {
            statement.Bind(1, session);
            statement.Execute();
        }
    }

    /// <inheritdoc />
    public void Subscribed(long session, ReadOnlySpan<byte> filter, SubscriptionOptions options, uint identifier)
    {
        _subscribe.Bind(1, session);
        _subscribe.BindText(2, filter);
        _subscribe.Bind(3, (long)options.Qos);
        _subscribe.Bind(4, options.NoLocal);
        _subscribe.Bind(5, options.RetainAsPublished);
        _subscribe.Bind(6, (long)options.RetainHandling);
        _subscribe.Bind(7, identifier);
        _subscribe.Execute();
    }

    /// <inheritdoc />
    public void Unsubscribed(long session, ReadOnlySpan<byte> filter)
    {
        _unsubscribe.Bind(1, session);
        _unsubscribe.BindText(2, filter);
        _unsubscribe.Execute();
    }

    /// <inheritdoc />
    public void SequencesUsed(long session, long upTo)
    {
        _useSequences.Bind(1, session);
        _useSequences.Bind(2, upTo);
        _useSequences.Execute();
    }

    /// <inheritdoc />
    public void Received(long session, ushort packetId)
    {
        _receive.Bind(1, session);
        _receive.Bind(2, packetId);
        _receive.Execute();
    }

    /// <inheritdoc />
    public void ReceiveEnded(long session, ushort packetId)
    {
        _endReceive.Bind(1, session);
        _endReceive.Bind(2, packetId);
        _endReceive.Execute();
    }

    private void BindWill(in SessionData data)
    {
        if (!data.HasWill)
        {
            for (var parameter = 7; parameter <= 14; parameter++)
            {
                _attach.BindNull(parameter);
            }

            return;
        }

        _attach.Bind(7, (long)data.Will.Qos);
        _attach.Bind(8, data.Will.Retain);
        _attach.Bind(9, data.WillDelaySeconds);
        if (data.WillExpirySeconds is { } expiry)
        {
            _attach.Bind(10, expiry);
        }
        else
        {
            _attach.BindNull(10);
        }

        _attach.BindOptionalText(11, data.Will.Publisher);
        _attach.BindText(12, data.Will.Topic);
        _attach.BindOptionalBytes(13, data.Will.Properties);
        _attach.BindOptionalBytes(14, data.Will.Payload);
    }

    [MemberNotNull(
        nameof(_attach), nameof(_detach), nameof(_removeWill), nameof(_useSequences), nameof(_subscribe), nameof(_unsubscribe),
        nameof(_receive), nameof(_endReceive), nameof(_sharedKeysOfSession), nameof(_endSession))]
    private void PrepareSessionChanges()
    {
        _attach = Prepare("""
            INSERT INTO session (key, client_id, username, listener, protocol, expiry_seconds, detached_at, sequences_used, will_qos, will_retain,
              will_delay_seconds, will_expiry_seconds, will_publisher, will_topic, will_properties, will_payload)
            VALUES (?, ?, ?, ?, ?, ?, NULL, 0, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (key) DO UPDATE SET client_id = excluded.client_id, username = excluded.username, listener = excluded.listener,
              protocol = excluded.protocol, expiry_seconds = excluded.expiry_seconds, detached_at = NULL, will_qos = excluded.will_qos,
              will_retain = excluded.will_retain, will_delay_seconds = excluded.will_delay_seconds,
              will_expiry_seconds = excluded.will_expiry_seconds, will_publisher = excluded.will_publisher, will_topic = excluded.will_topic,
              will_properties = excluded.will_properties, will_payload = excluded.will_payload
            """);
        _detach = Prepare("UPDATE session SET expiry_seconds = ?2, detached_at = ?3 WHERE key = ?1");
        _removeWill = Prepare("""
            UPDATE session SET will_qos = NULL, will_retain = NULL, will_delay_seconds = NULL, will_expiry_seconds = NULL, will_publisher = NULL,
              will_topic = NULL, will_properties = NULL, will_payload = NULL WHERE key = ? AND will_topic IS NOT NULL
            """);
        _useSequences = Prepare("UPDATE session SET sequences_used = max(sequences_used, ?2) WHERE key = ?1");
        _subscribe = Prepare("INSERT OR REPLACE INTO subscription VALUES (?, ?, ?, ?, ?, ?, ?)");
        _unsubscribe = Prepare("DELETE FROM subscription WHERE session = ? AND filter = ?");
        _receive = Prepare("INSERT OR IGNORE INTO received VALUES (?, ?)");
        _endReceive = Prepare("DELETE FROM received WHERE session = ? AND packet_id = ?");
        _sharedKeysOfSession = Prepare("SELECT DISTINCT shared_key FROM queue WHERE session = ? AND shared_key NOTNULL");
        _endSession =
        [
            Prepare("DELETE FROM queue WHERE session = ?"),
            Prepare("DELETE FROM received WHERE session = ?"),
            Prepare("DELETE FROM subscription WHERE session = ?"),
            Prepare("DELETE FROM session WHERE key = ?"),
        ];
    }
}
