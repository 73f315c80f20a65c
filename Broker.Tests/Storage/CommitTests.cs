using Broker.Core.Sessions;
using Broker.Primitives;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Storage;

/// <summary>When something is on disk, who is told, and how many share a sync.</summary>
internal sealed class CommitTests
{
    private TestStore _test = null!;

    [SetUp]
    public void Open() => _test = new TestStore().Open();

    [TearDown]
    public void Close() => _test.Dispose();

    [Test]
    public async Task A_waiter_is_called_when_its_position_is_synced_and_not_before()
    {
        await HoldSyncsAsync();
        Waiter waiter = new();
        long position = _test.Queue(1, 1);
        _test.Store.Notify(waiter, position);
        await _test.Files.SyncsBegun.WaitAsync();

        Assert.That(waiter.IsCommitted, Is.False);
        Assert.That(_test.Store.Committed, Is.LessThan(position));

        _test.Files.SyncsMayEnd.Set();
        Assert.That(await waiter.CommittedAsync(), Is.GreaterThanOrEqualTo(position));
    }

    [Test]
    public async Task Everything_recorded_during_a_sync_shares_the_next_one()
    {
        await HoldSyncsAsync();
        Waiter first = new();
        _test.Store.Notify(first, _test.Queue(1, 1));
        await _test.Files.SyncsBegun.WaitAsync();
        int before = _test.Files.Syncs;
        Waiter[] waiters = [.. Enumerable.Range(0, 500).Select(_ => new Waiter())];
        foreach ((int index, Waiter waiter) in waiters.Index())
        {
            _test.Store.Notify(waiter, _test.Queue(1, index + 2));
        }

        _test.Files.SyncsMayEnd.Set();
        await Task.WhenAll(waiters.Prepend(first).Select(waiter => waiter.CommittedAsync()));

        Assert.That(_test.Files.Syncs - before, Is.EqualTo(2));
    }

    [Test]
    public async Task Waiters_of_a_commit_are_called_in_the_order_in_which_they_began_to_wait()
    {
        await HoldSyncsAsync();
        List<string> told = [];
        _test.Store.Notify(new Waiter(), _test.Queue(1, 1));
        await _test.Files.SyncsBegun.WaitAsync();
        Waiter[] waiters = [.. Enumerable.Range(0, 20).Select(index => new Waiter($"{index}", told))];
        foreach (Waiter waiter in waiters)
        {
            _test.Store.Notify(waiter, _test.Queue(1, 2));
        }

        _test.Files.SyncsMayEnd.Set();
        await Task.WhenAll(waiters.Select(waiter => waiter.CommittedAsync()));

        Assert.That(told, Is.EqualTo(Enumerable.Range(0, 20).Select(index => $"{index}")));
    }

    [Test]
    public async Task Whoever_waits_for_what_is_committed_is_called_without_a_sync()
    {
        long position = _test.Queue(1, 1);
        await _test.CommitAsync(position);
        int before = _test.Files.Syncs;

        await _test.CommitAsync(position);

        Assert.That(_test.Files.Syncs, Is.EqualTo(before));
    }

    [Test]
    public async Task What_nobody_waits_for_is_synced_when_the_flush_interval_is_over()
    {
        await SettleAsync();
        int before = _test.Files.Syncs;
        long position = _test.Store.Retained(TestStore.Message("a"));

        _test.Time.Advance(TimeSpan.FromMilliseconds(_test.Options.FlushIntervalMilliseconds - 1));
        Assert.That(_test.Store.Committed, Is.Zero);
        Assert.That(_test.Files.Syncs, Is.EqualTo(before));

        _test.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(await _test.Files.SyncsBegun.WaitAsync(TimeSpan.FromSeconds(30)), Is.True);
        await _test.CommitAsync(position);
        Assert.That(_test.Files.Syncs, Is.EqualTo(before + 1));
    }

    [Test]
    public async Task A_group_is_never_torn_apart()
    {
        Waiter waiter = new();
        long last = RecordGroup(waiter);

        Assert.That(await waiter.CommittedAsync(), Is.GreaterThanOrEqualTo(last));
        Assert.That(_test.Metrics.Storage.Commits, Is.EqualTo(1));
    }

    [Test]
    public async Task Groups_of_many_threads_end_up_whole_in_frames()
    {
        Waiter first = new();
        RecordGroup(first);
        await first.CommittedAsync(); // the others come with later frames
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() => RecordGroups(thread * 1000))));
        await _test.CommitAsync(_test.Queue(9999, 1));
        using MemoryDatabase database = new();
        List<string> torn = [];
        database.FailCommit = () =>
        {
            torn.AddRange(database.Lines.GroupBy(line => line.Split(' ')[1]).Where(group => group.Count() % 3 != 0).Select(group => group.Key));
            return null;
        };

        new Broker.Storage.Journal.JournalRecovery(_test.Files, database, batchBytes: 1, stopAtDamage: true).Run();

        Assert.That(database.Commits, Is.GreaterThan(1));
        Assert.That(torn, Is.EqualTo(new[] { "9999" }));
    }

    [Test]
    public void Recording_a_message_allocates_nothing()
    {
        Message message = TestStore.Message("some/topic", 100);
        StoredTerms terms = new(Qos.AtLeastOnce, false, [7]);
        long sequence = 0;

        long allocated = Allocations.Of(() => _test.Store.Queued(1, ++sequence, message, terms, shared: false));

        // Growth of the buffer aside, which ends when the first commit takes it: 200 bytes of it per message otherwise.
        Assert.That(allocated, Is.LessThan(1000 * 16));
    }

    [Test]
    public void What_is_recorded_when_the_store_closes_is_stored()
    {
        _test.Queue(1, 1);

        _test.Close();

        Assert.That(_test.Database.ToString(), Does.StartWith("queued 1 1"));
        Assert.That(_test.Database.IsClosed, Is.True);
    }

    [Test]
    public async Task Commits_are_counted()
    {
        await _test.CommitAsync(_test.Queue(1, 1));

        Assert.That(_test.Metrics.Storage.Commits, Is.EqualTo(1));
        Assert.That(_test.Metrics.Storage.SyncedBytes, Is.GreaterThan(40));
        Assert.That(_test.Metrics.Storage.JournalBytes, Is.GreaterThan(0));
        Assert.That(_test.Metrics.Storage.PendingBytes, Is.Zero);
    }

    private long RecordGroup(Waiter waiter)
    {
        _test.Store.BeginGroup();
        _test.Store.Notify(waiter, _test.Queue(1, 1));
        _test.Store.BeginGroup();
        _test.Queue(1, 2);
        _test.Store.EndGroup();
        long last = _test.Queue(1, 3);
        _test.Store.EndGroup();
        return last;
    }

    private void RecordGroups(int first)
    {
        for (int group = first; group < first + 200; group++)
        {
            _test.Store.BeginGroup();
            _test.Queue(group, 1);
            _test.Queue(group, 2);
            _test.Store.Notify(new Waiter(), _test.Queue(group, 3));
            _test.Store.EndGroup();
        }
    }

    // The segment made ahead at the start has its sync behind it: what is synced from now on is a commit.
    private async Task SettleAsync()
    {
        await _test.PreparedAsync();
        await _test.Files.SyncsBegun.WaitAsync();
        await _test.Files.SyncsBegun.WaitAsync();
    }

    private async Task HoldSyncsAsync()
    {
        await SettleAsync();
        _test.Files.SyncsMayEnd.Reset();
    }
}
