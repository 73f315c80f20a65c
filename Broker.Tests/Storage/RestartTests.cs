using Broker.Configuration;
using Broker.Core.Sessions;
using Broker.Core.Timing;
using Broker.Observability;
using Broker.Primitives;
using Broker.Storage;
using Broker.Tests.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Broker.Tests.Storage;

/// <summary>What a store finds when it opens.</summary>
internal sealed class RestartTests
{
    [Test]
    public async Task What_was_committed_survives_a_power_cut_and_comes_to_the_database_first()
    {
        using TestStore first = new TestStore().Open();
        await first.CommitAsync(first.Queue(1, 1));
        first.Queue(1, 2);
        first.Files.CutPower();

        using TestStore second = new() { Files = first.Files };
        second.Open();

        Assert.That(second.Database.Lines, Has.Count.EqualTo(1));
        Assert.That(second.Database.Lines[0], Does.StartWith("queued 1 1"));
        Assert.That(second.Database.LastWrittenAt, Is.EqualTo(first.Time.GetUtcNow().ToUnixTimeMilliseconds()));
    }

    [Test]
    public async Task Keys_and_frames_go_on_after_a_restart()
    {
        using TestStore first = new TestStore().Open();
        Message message = TestStore.Message("a");
        long session = first.Store.NewSessionKey();
        first.Store.SessionAttached(session, ClientIdentity.Internal, 60, null);
        first.Store.Queued(session, 1, message, new StoredTerms(Qos.AtLeastOnce, false, []), shared: true);
        first.Store.Queued(session, 2, message, new StoredTerms(Qos.AtLeastOnce, false, []), shared: true);
        first.Close();
        long key = message.StoreKey;

        using TestStore second = new() { Files = first.Files, Database = first.Database };
        second.Open();
        Message next = TestStore.Message("b");
        second.Store.Queued(session, 3, next, new StoredTerms(Qos.AtLeastOnce, false, []), shared: true);
        long nextSession = second.Store.NewSessionKey();
        await second.CommitAsync(second.Store.WillPublished(session));
        second.Close();

        Assert.That(first.Database.Lines.Count(line => line.StartsWith("shared", StringComparison.Ordinal)), Is.EqualTo(2), "a shared message is stored once");
        Assert.That(next.StoreKey, Is.GreaterThan(key));
        Assert.That(nextSession, Is.GreaterThan(session));
        Assert.That(second.Database.LastFrame, Is.EqualTo(2));
    }

    [Test]
    public async Task A_message_that_is_shared_again_in_a_later_commit_is_stored_again()
    {
        using TestStore test = new TestStore().Open();
        Message message = TestStore.Message("a");
        await test.CommitAsync(test.Store.Queued(1, 1, message, new StoredTerms(Qos.AtLeastOnce, false, []), shared: true));
        long key = message.StoreKey;
        await test.CommitAsync(test.Store.Queued(2, 1, message, new StoredTerms(Qos.AtLeastOnce, false, []), shared: true));

        Assert.That(message.StoreKey, Is.GreaterThan(key));
    }

    [Test]
    public void Times_are_stored_as_wall_clock_times()
    {
        using TestStore test = new TestStore().Open();
        test.Time.Advance(TimeSpan.FromSeconds(10));
        long now = test.Time.GetUtcNow().ToUnixTimeMilliseconds();
        test.Store.Retained(new Message { Topic = "a"u8.ToArray(), Payload = new byte[] { 65 }, ExpiresAt = 15_000 });
        test.Store.SessionDetached(1, 60, keepWill: true);
        test.Close();

        Assert.That(test.Database.Lines[0], Does.Contain($" {now + 5000})"));
        Assert.That(test.Database.Lines[1], Is.EqualTo($"detached 1 60 True {now}"));
    }

    [Test]
    public void Everything_that_is_recorded_reaches_the_database()
    {
        using TestStore test = new TestStore().Open();
        DurableStore store = test.Store;
        TopicFilter filter = TopicFilter.Parse("$share/g/a");
        store.SessionAttached(
            1,
            new ClientIdentity("c", "u", ClientProtocol.Mqtt5, "l", null),
            60,
            new Broker.Core.Wills.Will(TestStore.Message("w"), 5, 7));
        store.Subscribed(1, filter, new Broker.Core.Topics.SubscriptionOptions(Qos.AtLeastOnce), 9);
        store.Queued(1, 1, TestStore.Message("q"), new StoredTerms(Qos.ExactlyOnce, true, [9, 10], new Broker.Core.Topics.SharedGroup(filter)), shared: false);
        store.Released(1, 1);
        store.Removed(1, 0);
        store.SequencesUsed(1, 100);
        store.Received(1, 4);
        store.ReceiveEnded(1, 3);
        store.Unsubscribed(1, filter);
        store.Retained(new Message { Topic = "r"u8.ToArray() });
        store.SessionDetached(1, 30, keepWill: false);
        store.WillPublished(1);
        store.SessionEnded(2);
        test.Close();

        Assert.That(test.Database.Lines, Is.EqualTo(new[]
        {
            $"attached 1 c u l Mqtt5 60 will (w ppp  publisher AtLeastOnce False {long.MaxValue}) 5 7",
            "subscribed 1 $share/g/a SubscriptionOptions { Qos = AtLeastOnce, NoLocal = False, RetainAsPublished = False, RetainHandling = Send } 9",
            $"queued 1 1 (q ppp  publisher AtLeastOnce False {long.MaxValue}) ExactlyOnce True [9,10] $share/g/a",
            "released 1 1",
            "removed 1 0",
            "used 1 100",
            "received 1 4",
            "receive-ended 1 3",
            "unsubscribed 1 $share/g/a",
            "retained-removed r",
            $"detached 1 30 False {test.Time.GetUtcNow().ToUnixTimeMilliseconds()}",
            "will-published 1",
            "ended 2",
        }));
    }

    [Test]
    public async Task Damage_stops_the_start_or_is_salvaged_as_the_operator_chose()
    {
        using TestStore first = new TestStore().Open();
        for (int sequence = 1; sequence <= 3; sequence++)
        {
            await first.CommitAsync(first.Queue(1, sequence));
        }
        first.Files["0000000001.log"].Bytes[100] ^= 0x01;

        using TestStore refused = new() { Files = first.Files };
        Assert.That(() => refused.Open(), Throws.TypeOf<StoreException>().With.Message.Contains("--on-corruption salvage").And.Message.Contains("at byte"));
        Assert.That(refused.Database.IsClosed, Is.True);

        using TestStore salvaged = new() { Files = first.Files };
        salvaged.Options.OnCorruption = CorruptionPolicy.Salvage;
        salvaged.Open();

        Assert.That(salvaged.Database.Lines, Has.Count.EqualTo(2));
        Assert.That(salvaged.Files.Aside, Is.Not.Empty.And.All.Contains("damaged-20260101-000000"));
        Assert.That(salvaged.Log, Does.Contain("Warning Storage: damaged: 0000000001.log"));
        await salvaged.CommitAsync(salvaged.Queue(1, 4));
    }

    [Test]
    public void A_second_store_on_the_directory_is_refused_and_told_who_holds_it()
    {
        using TestStore first = new TestStore().Open();
        using TestStore second = new();
        second.Options.DataDirectory = first.Options.DataDirectory;

        Assert.That(
            () => second.Open(),
            Throws.TypeOf<StoreException>().With.Message.Contains($"(process {Environment.ProcessId})").And.Message.Contains("Storage:DataDirectory"));

        first.Close();
        Assert.That(() => second.Open(), Throws.Nothing);
    }

    [Test]
    public void A_directory_that_cannot_be_made_is_told()
    {
        using TestStore test = new();
        test.Options.DataDirectory = "/proc/nothing-can-be-made-here";

        Assert.That(() => test.Open(), Throws.TypeOf<StoreException>().With.Message.StartsWith("The data directory /proc/nothing-can-be-made-here cannot be made"));
    }

    [Test]
    public async Task A_store_on_a_real_disk_comes_back()
    {
        using TemporaryDirectory directory = new();
        StorageOptions options = new() { DataDirectory = Path.Combine(directory.Path, "data") };
        MemoryDatabase database = new();
        for (int run = 1; run <= 3; run++)
        {
            using DurableStore store = new(options, _ => database, new BrokerMetrics(), NullLogger<DurableStore>.Instance);
            store.Open(new BrokerClock(TimeProvider.System));
            Waiter waiter = new();
            store.Notify(waiter, store.WillPublished(run));
            await waiter.CommittedAsync();
        }

        Assert.That(database.Lines, Is.EqualTo(new[] { "will-published 1", "will-published 2", "will-published 3" }));
        Assert.That(database.LastFrame, Is.EqualTo(3));
    }

    [Test]
    public void The_memory_store_is_done_with_everything_at_once()
    {
        MemoryStore store = new();

        long position = store.Queued(1, 1, TestStore.Message("a"), new StoredTerms(Qos.AtLeastOnce, false, []), shared: true);

        Assert.That(store.IsDurable, Is.False);
        Assert.That(store.IsAvailable, Is.True);
        Assert.That(store.Room, Is.Null);
        Assert.That(store.Committed, Is.GreaterThanOrEqualTo(position));
    }
}
