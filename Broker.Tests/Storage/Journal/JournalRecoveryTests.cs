using Broker.Storage;
using Broker.Storage.Journal;
using NUnit.Framework;

namespace Broker.Tests.Storage.Journal;

/// <summary>What is found in the journal after the process ended in the middle of something, or after the disk lost something.</summary>
internal sealed class JournalRecoveryTests
{
    private const int SegmentBytes = 512;

    private readonly List<(string File, int Offset, int Length)> _frames = [];
    private MemoryJournalFiles _files = null!;
    private MemoryDatabase _database = null!;

    [SetUp]
    public void Make()
    {
        _frames.Clear();
        _files = new MemoryJournalFiles();
        _database = new MemoryDatabase();
    }

    [TearDown]
    public void Close() => _database.Dispose();

    [Test]
    public void Everything_comes_back_in_order_over_several_segments()
    {
        Write(1, 40);

        JournalRecovery recovery = Recover();

        Assert.That(recovery.Damage, Is.Empty);
        Assert.That(recovery.Segments, Has.Count.GreaterThan(2));
        Assert.That(_database.Lines, Is.EqualTo(Lines(1, 40)));
        Assert.That(_database.LastFrame, Is.EqualTo(40));
        Assert.That(recovery.TornTail, Is.False);
    }

    [Test]
    public void Cut_or_changed_at_any_byte_of_the_last_frame_the_journal_loses_that_frame_only()
    {
        Write(1, 5);
        (string file, int offset, int length) = _frames[^1];
        byte[] whole = [.. _files[file].Bytes];
        for (int at = 0; at < length; at++)
        {
            if (whole.AsSpan(offset + at, length - at).ContainsAnyExcept((byte)0))
            {
                _files[file].Bytes = [.. whole[..(offset + at)], .. new byte[SegmentBytes - offset - at]];
                AssertLastFrameIsLost($"zeros from byte {at} on", torn: at > 0);
            }

            _files[file].Bytes = whole[..(offset + at)];
            AssertLastFrameIsLost($"file ends at byte {at}", torn: at > 0);

            _files[file].Bytes = [.. whole];
            _files[file].Bytes[offset + at] ^= 0x40;
            AssertLastFrameIsLost($"byte {at} changed", torn: true);
        }
    }

    [Test]
    public void Damage_at_any_byte_before_the_last_frame_is_reported_and_nothing_after_it_is_moved([Values] bool salvage)
    {
        Write(1, 5);
        (string file, int offset, int length) = _frames[2];
        for (int at = 0; at < length; at++)
        {
            _database = new MemoryDatabase();
            _files[file].Bytes[offset + at] ^= 0x01;

            JournalRecovery recovery = Recover(stopAtDamage: !salvage);

            _files[file].Bytes[offset + at] ^= 0x01;
            Assert.That(recovery.Damage, Has.Count.EqualTo(1), $"byte {at}");
            Assert.That(recovery.Damage[0].ToString(), Is.EqualTo($"{file} at byte {offset}: frame 3 is missing or not readable, but frame 4 is"));
            Assert.That(_database.Lines, Is.EqualTo(salvage ? [.. Lines(1, 2), .. Lines(4, 5)] : Lines(1, 2)));
            Assert.That(_database.LastFrame, Is.EqualTo(salvage ? 5 : 2));
        }
    }

    [Test]
    public void Damage_in_what_was_moved_already_harms_nothing()
    {
        Write(1, 5);
        Moved(3);
        _files[_frames[1].File].Bytes[_frames[1].Offset + 40] ^= 0x01;

        JournalRecovery recovery = Recover();

        Assert.That(recovery.Damage, Is.Empty);
        Assert.That(recovery.TornTail, Is.False);
        Assert.That(_database.Lines, Is.EqualTo(Lines(4, 5)));
    }

    [Test]
    public void A_missing_segment_is_reported()
    {
        Write(1, 40);
        string[] names = [.. _files.Names()];
        _files.Delete(names[1]);

        JournalRecovery recovery = Recover();

        Assert.That(recovery.Damage.Single().ToString(), Does.Match("^000000000[0-9].log at byte 32: frames [0-9]+ to [0-9]+ are missing"));
    }

    [Test]
    public void A_journal_that_begins_after_what_was_moved_is_reported()
    {
        Write(9, 10);

        Assert.That(Recover().Damage.Single().What, Does.StartWith("frames 1 to 8 are missing"));
    }

    [Test]
    public void A_segment_with_a_damaged_header_is_reported()
    {
        Write(1, 2);
        _files[_frames[0].File].Bytes[9] ^= 0x01;

        Assert.That(Recover().Damage.Single().ToString(), Is.EqualTo("0000000001.log at byte 0: the header of the file is not readable"));
    }

    [Test]
    public void A_frame_that_was_written_again_after_a_failed_sync_counts_once([Values] bool firstCopyIsGood)
    {
        using JournalWriter writer = new(_files, SegmentBytes, 0);
        Append(writer, 1);
        int syncs = 0;
        _files.FailSync = () => ++syncs == 1 ? new IOException("no") : null;
        Assert.That(() => Append(writer, 2), Throws.TypeOf<IOException>());
        (string file, int offset, int length) = _frames[0];
        if (!firstCopyIsGood)
        {
            _files[file].Bytes[offset + length + 35] ^= 0x01;
        }
        Append(writer, 2);
        Append(writer, 3);

        JournalRecovery recovery = Recover();

        Assert.That(writer.Current.Number, Is.EqualTo(2));
        Assert.That(recovery.Damage, Is.Empty);
        Assert.That(_database.Lines, Is.EqualTo(Lines(1, 3)));
    }

    [Test]
    public void A_payload_that_looks_like_a_frame_is_no_frame()
    {
        byte[] lookalike = [.. new byte[Frame.HeaderLength], .. "x"u8];
        Frame.Seal(lookalike, seed: 0, number: 99, writtenAt: 0);
        using JournalWriter writer = new(_files, SegmentBytes, 0);
        Append(writer, 1);
        FrameBuffer buffer = new();
        new ChangeWriter(buffer).Retained(new MessageData { Topic = "t"u8, Payload = lookalike });
        writer.Append(buffer, 2, 0);
        _files["0000000001.log"].Bytes[_frames[0].Offset + _frames[0].Length + 5] ^= 0x01;

        JournalRecovery recovery = Recover();

        Assert.That(recovery.Damage, Is.Empty);
        Assert.That(recovery.TornTail, Is.True);
        Assert.That(_database.Lines, Is.EqualTo(Lines(1, 1)));
    }

    [Test]
    public void What_a_file_held_before_it_was_used_again_does_not_come_back()
    {
        using JournalWriter writer = new(_files, SegmentBytes, 0);
        Segment first = writer.Current;
        for (int frame = 1; writer.Current == first; frame++)
        {
            Append(writer, frame);
        }
        Moved(_frames.Count);
        writer.Retire(first);
        writer.Prepare();

        JournalRecovery recovery = Recover();

        Assert.That(_files.Names(), Does.Not.Contain(first.Name), "the file was not used again");
        Assert.That(recovery.Damage, Is.Empty);
        Assert.That(_database.Lines, Is.Empty);
        Assert.That(recovery.LastSegment, Is.EqualTo(3));
    }

    [Test]
    public void A_frame_larger_than_a_segment_gets_one_of_its_own()
    {
        using JournalWriter writer = new(_files, SegmentBytes, 0);
        writer.Prepare();
        Append(writer, 1);
        FrameBuffer buffer = new();
        new ChangeWriter(buffer).Retained(new MessageData { Topic = "t"u8, Payload = new byte[3000], ExpiresAt = long.MaxValue });
        writer.Append(buffer, 2, 0);
        Append(writer, 3);

        JournalRecovery recovery = Recover();

        Assert.That(recovery.Damage, Is.Empty);
        Assert.That(_database.Lines, Has.Count.EqualTo(3));
        Assert.That(_database.LastFrame, Is.EqualTo(3));
    }

    [Test]
    public void Changes_of_a_newer_version_are_refused_with_a_reason()
    {
        using JournalWriter writer = new(_files, SegmentBytes, 0);
        FrameBuffer buffer = new();
        buffer.Ask(1)[0] = 0x7F;
        buffer.Advance(1);
        writer.Append(buffer, 1, 0);

        Assert.That(() => Recover(), Throws.TypeOf<StoreException>().With.Message.Contains("does not know"));
    }

    private void AssertLastFrameIsLost(string how, bool torn)
    {
        _database = new MemoryDatabase();
        JournalRecovery recovery = Recover();

        Assert.That(recovery.Damage, Is.Empty, how);
        Assert.That(recovery.TornTail, Is.EqualTo(torn), how);
        Assert.That(_database.Lines, Is.EqualTo(Lines(1, 4)), how);
        Assert.That(recovery.LastFrame, Is.EqualTo(4), how);
    }

    private void Write(int firstFrame, int lastFrame)
    {
        using JournalWriter writer = new(_files, SegmentBytes, 0);
        for (int frame = firstFrame; frame <= lastFrame; frame++)
        {
            Append(writer, frame);
        }
    }

    private void Append(JournalWriter writer, int frame)
    {
        FrameBuffer buffer = new();
        new ChangeWriter(buffer).Queued(1, frame, 0, new MessageData { Topic = "topic"u8, ExpiresAt = long.MaxValue }, default);
        writer.Append(buffer, frame, 1000 + frame);
        int end = (int)writer.Current.Committed;
        _frames.Add((writer.Current.Name, end - buffer.Whole.Length, buffer.Whole.Length));
    }

    private void Moved(int lastFrame)
    {
        _database.Begin();
        _database.Commit(lastFrame, 0);
    }

    private JournalRecovery Recover(bool stopAtDamage = true)
    {
        JournalRecovery recovery = new(_files, _database, 64, stopAtDamage);
        recovery.Run();
        return recovery;
    }

    private static string[] Lines(int first, int last) =>
        [.. Enumerable.Range(first, last - first + 1).Select(frame => $"queued 1 {frame} (topic    AtMostOnce False {long.MaxValue}) AtMostOnce False [] ")];
}
