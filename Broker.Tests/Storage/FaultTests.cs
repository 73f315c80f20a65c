using Broker.Storage;
using NUnit.Framework;

namespace Broker.Tests.Storage;

/// <summary>A disk that is full or fails: nothing that was acknowledged is lost, and it goes on by itself.</summary>
internal sealed class FaultTests
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private TestStore _test = null!;

    [SetUp]
    public async Task OpenAsync()
    {
        _test = new TestStore().Open();
        await _test.PreparedAsync();
    }

    [TearDown]
    public void Close() => _test.Dispose();

    [Test]
    public async Task A_failing_write_is_told_once_and_tried_again_until_it_works()
    {
        _test.Files.FailWrite = () => new IOException("No space left on device");
        Waiter waiter = new();
        _test.Store.Notify(waiter, _test.Queue(1, 1));
        await waiter.FailedAsync();

        Assert.That(_test.Store.IsAvailable, Is.False);
        Assert.That(_test.Metrics.Storage.IsAvailable, Is.False);

        Waiter late = new();
        _test.Store.Notify(late, _test.Queue(1, 2));
        await late.FailedAsync();
        _test.Time.Advance(Beat);
        _test.Files.FailWrite = null;
        await RetryUntilCommittedAsync(waiter);
        await RetryUntilCommittedAsync(late);

        Assert.That(waiter.Failures, Is.EqualTo(1));
        Assert.That(late.Failures, Is.EqualTo(1));
        Assert.That(_test.Store.IsAvailable, Is.True);
        Assert.That(_test.Metrics.Storage.IsAvailable, Is.True);
        Assert.That(_test.Log, Does.Contain("No space left on device").And.Contain("works again"));
    }

    [Test]
    public async Task After_a_failed_sync_the_frame_goes_to_a_new_segment_and_comes_back_once()
    {
        int failures = 0;
        _test.Files.FailSync = () => failures++ == 0 ? new StoreFaultException("Input/output error") : null;
        Waiter waiter = new();
        _test.Store.Notify(waiter, _test.Queue(1, 1));
        await waiter.FailedAsync();
        await RetryUntilCommittedAsync(waiter);

        _test.Files.CutPower();
        MemoryDatabase database = new();
        Broker.Storage.Journal.JournalRecovery recovery = new(_test.Files, database, 1024, stopAtDamage: true);
        recovery.Run();

        Assert.That(database.Lines, Has.Count.EqualTo(1));
        Assert.That(recovery.Damage, Is.Empty);
        Assert.That(_test.Metrics.Storage.Commits, Is.EqualTo(1));
    }

    [Test]
    public async Task A_segment_that_cannot_be_made_ahead_makes_the_store_unavailable_while_commits_go_on()
    {
        _test.Files.FailCreate = () => new IOException("No space left on device");
        Waiter waiter = new();
        long sequence = 0;
        while (_test.Store.IsAvailable)
        {
            waiter = new Waiter();
            _test.Store.Notify(waiter, _test.Queue(1, ++sequence, new string('t', 1000)));
            await waiter.CommittedAsync();
        }

        Waiter next = new();
        _test.Store.Notify(next, _test.Queue(1, ++sequence));
        await next.CommittedAsync();
        _test.Files.FailCreate = null;
        await AdvanceUntilAsync(() => _test.Store.IsAvailable);

        Assert.That(waiter.Failures + next.Failures, Is.Zero);
        Assert.That(_test.Log, Does.Contain("No space left on device").And.Contain("works again"));
        _test.Close();
        Assert.That(_test.Database.Lines, Has.Count.EqualTo(sequence));
    }

    [Test]
    public async Task A_failing_database_makes_the_store_unavailable_and_gets_every_change_once_later()
    {
        _test.Database.FailCommit = () => new StoreFaultException("database or disk is full");
        await _test.CommitAsync(_test.Queue(1, 1));
        await AdvanceUntilAsync(() => !_test.Store.IsAvailable);
        await _test.CommitAsync(_test.Queue(1, 2));

        _test.Database.FailCommit = null;
        await AdvanceUntilAsync(() => _test.Store.IsAvailable);

        _test.Close();
        Assert.That(_test.Database.Lines.Select(line => line[..10]), Is.EqualTo(new[] { "queued 1 1", "queued 1 2" }));
        Assert.That(_test.Database.LastFrame, Is.EqualTo(2));
    }

    [Test]
    public async Task What_is_in_a_failing_database_is_read_all_the_same()
    {
        await _test.CommitAsync(_test.Queue(1, 1, "moved"));
        _test.Time.Advance(Beat);
        Assert.That(await _test.Database.Committed.WaitAsync(TimeSpan.FromSeconds(30)), Is.True);
        _test.Database.FailBegin = () => new StoreFaultException("database or disk is full");
        await _test.CommitAsync(_test.Queue(1, 2, "not moved"));
        await AdvanceUntilAsync(() => !_test.Store.IsAvailable);

        Task<IReadOnlyList<Broker.Core.Ports.StoredMessage>> reading = _test.ReadQueueAsync(1);
        await AdvanceUntilAsync(() => reading.IsCompleted);

        Assert.That((await reading).Select(static each => System.Text.Encoding.UTF8.GetString(each.Message.Topic.Span)), Is.EqualTo(new[] { "moved" }));
        Assert.That(_test.Store.IsAvailable, Is.False);
    }

    [Test]
    public void A_store_that_cannot_write_when_it_closes_says_so()
    {
        _test.Files.FailWrite = () => new IOException("No space left on device");
        _test.Queue(1, 1);

        _test.Close();

        Assert.That(_test.Log, Does.Match("Error Storage: the broker ends although [0-9]+ bytes could not be written"));
    }

    private Task RetryUntilCommittedAsync(Waiter waiter) => AdvanceUntilAsync(() => waiter.IsCommitted);

    // The retry waits for the beat; a beat that comes before it waits is followed by another.
    private async Task AdvanceUntilAsync(Func<bool> reached)
    {
        for (int turn = 0; !reached(); turn++)
        {
            Assert.That(turn, Is.LessThan(1_000_000), "never reached");
            _test.Time.Advance(Beat);
            await Task.Yield();
        }
    }
}
