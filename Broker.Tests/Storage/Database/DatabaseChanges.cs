using System.Text;
using Broker.Core.Topics;
using Broker.Primitives;
using Broker.Storage.Database;
using Broker.Storage.Journal;

namespace Broker.Tests.Storage.Database;

/// <summary>Changes of a database in the words of tests.</summary>
internal static class DatabaseChanges
{
    public static void Apply(this StoreDatabase database, Action<StoreDatabase> changes, long frame = 1, long writtenAt = 1)
    {
        database.Begin();
        changes(database);
        database.Commit(frame, writtenAt);
    }

    public static void Attach(this StoreDatabase database, long session, string clientId = "c", uint expirySeconds = 60, string? will = null) =>
        database.SessionAttached(session, new SessionData
        {
            ClientId = Utf8(clientId),
            Listener = "plain"u8,
            Protocol = ClientProtocol.Mqtt5,
            ExpirySeconds = expirySeconds,
            HasWill = will is not null,
            Will = will is null ? default : new MessageData { Topic = "will"u8, Payload = Utf8(will), ExpiresAt = Message.NeverExpires, Qos = Qos.AtLeastOnce },
        });

    public static void Queue(this StoreDatabase database, long session, long sequence, string payload) => database.Queued(
        session, sequence, 0, NewMessage("t", payload), new TermsData { Qos = Qos.AtLeastOnce });

    public static void QueueShared(this StoreDatabase database, long session, long sequence, long key) =>
        database.Queued(session, sequence, key, default, new TermsData { Qos = Qos.AtLeastOnce });

    public static void Share(this StoreDatabase database, long key, string payload) => database.SharedMessage(key, NewMessage("t", payload));

    public static void Retain(this StoreDatabase database, string topic, string payload, long expiresAt = Message.NeverExpires) =>
        database.Retained(NewMessage(topic, payload, expiresAt));

    public static void Subscribe(this StoreDatabase database, long session, string filter) =>
        database.Subscribed(session, Utf8(filter), new SubscriptionOptions(Qos.AtLeastOnce), 0);

    public static MessageData NewMessage(string topic, string payload, long expiresAt = Message.NeverExpires) => new()
    {
        Topic = Utf8(topic),
        Payload = Utf8(payload),
        Publisher = "p"u8,
        Qos = Qos.AtLeastOnce,
        ExpiresAt = expiresAt,
    };

    public static string Text(this ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
