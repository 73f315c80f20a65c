using Broker.Storage;
using NUnit.Framework;

namespace Broker.Tests.Storage;

/// <summary>Changes move to the database behind the journal, and queues are read from there.</summary>
internal sealed class MovingTests
{
    [Test]
    public async Task Changes_move_with_the_beat_and_what_cancelled_out_does_not()
    {
        using TestStore test = new TestStore().Open();
        test.Queue(1, 1);
        test.Queue(1, 2);
        await test.CommitAsync(test.Store.Removed(1, 1));
        Assert.That(test.Database.Commits, Is.Zero);

        test.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await test.Database.Committed.WaitAsync(TimeSpan.FromSeconds(30)), Is.True);

        Assert.That(test.Database.Lines.Select(line => string.Join(' ', line.Split(' ')[..3])), Is.EqualTo(new[] { "queued 1 2", "used 1 1" }));
    }

    [Test]
    public async Task A_queue_is_read_with_everything_recorded_before_but_without_a_transaction_of_its_own()
    {
        using TestStore test = new TestStore().Open();
        for (int sequence = 1; sequence <= 10; sequence++)
        {
            test.Queue(1, sequence, $"t{sequence}");
            test.Queue(2, sequence, "other");
        }
        test.Store.Removed(1, 4);

        IReadOnlyList<Broker.Core.Ports.StoredMessage> first = await test.ReadQueueAsync(1, after: 2, count: 3);
        test.Store.Removed(1, 9);
        IReadOnlyList<Broker.Core.Ports.StoredMessage> second = await test.ReadQueueAsync(1, after: 6);

        Assert.That(first.Select(message => message.Sequence), Is.EqualTo(new[] { 3, 5, 6 }));
        Assert.That(second.Select(message => message.Sequence), Is.EqualTo(new[] { 7, 8, 10 }));
        Assert.That(test.Database.Commits, Is.Zero);
        test.Close();
        Assert.That(test.Database.LastFrame, Is.EqualTo(2));
    }

    [Test]
    public async Task Segments_that_were_moved_are_used_again_or_deleted()
    {
        using TestStore test = new TestStore().Open();
        for (int sequence = 1; sequence <= 2000; sequence++)
        {
            long position = test.Queue(1, sequence, new string('t', 1000));
            if (sequence % 20 == 0)
            {
                await test.CommitAsync(position);
                test.Time.Advance(TimeSpan.FromSeconds(1));
                await test.Database.Committed.WaitAsync(TimeSpan.FromSeconds(30));
            }
        }

        // Two megabytes in segments of 64 KiB: the current one, the next one, two to be used again, and what is on its way.
        Assert.That(test.Files.Names(), Has.Count.LessThanOrEqualTo(6));
        test.Close();
        Assert.That(test.Database.Lines, Has.Count.EqualTo(2000));
    }

    [Test]
    public async Task There_is_no_room_while_too_much_is_recorded_and_not_committed()
    {
        using TestStore test = new() { Limits = new StoreLimits { SegmentBytes = 64 * 1024, UncommittedBytes = 10_000 } };
        test.Open();
        await test.PreparedAsync();
        test.Files.SyncsMayEnd.Reset();
        long position = 0;
        for (int sequence = 1; test.Store.Room is null; sequence++)
        {
            Assert.That(position, Is.LessThanOrEqualTo(10_000));
            position = test.Queue(1, sequence, new string('t', 1000));
        }

        Task room = test.Store.Room!;
        Assert.That(position, Is.GreaterThan(10_000));
        Assert.That(room.IsCompleted, Is.False);
        test.Files.SyncsMayEnd.Set();
        await test.CommitAsync(position);
        await room.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That(test.Store.Room, Is.Null);
    }

    [Test]
    public async Task There_is_no_room_while_too_much_is_committed_and_not_moved()
    {
        using TestStore test = new() { Limits = new StoreLimits { SegmentBytes = 64 * 1024, UnmovedBytes = 10_000 } };
        test.Open();
        for (int sequence = 1; test.Store.Room is null; sequence++)
        {
            Assert.That(sequence, Is.LessThan(100));
            await test.CommitAsync(test.Queue(1, sequence, new string('t', 1000)));
        }

        Task room = test.Store.Room!;
        Assert.That(room.IsCompleted, Is.False);
        test.Time.Advance(TimeSpan.FromSeconds(1));
        await room.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That(test.Store.Room, Is.Null);
    }

    [Test]
    public async Task A_full_batch_moves_without_waiting_for_the_beat()
    {
        using TestStore test = new() { Limits = new StoreLimits { SegmentBytes = 64 * 1024, BatchBytes = 5_000 } };
        test.Open();
        for (int sequence = 1; sequence <= 10; sequence++)
        {
            await test.CommitAsync(test.Queue(1, sequence, new string('t', 1000)));
        }

        Assert.That(await test.Database.Committed.WaitAsync(TimeSpan.FromSeconds(30)), Is.True);
    }
}
