using Broker.Storage.Database;
using NUnit.Framework;

namespace Broker.Tests.Storage.Database;

public sealed class SalvageTests : DatabaseFixture
{
    private const int PageSize = 4096;

    private string Target => InDirectory("salvaged.db");

    [Test]
    public void Everything_of_a_sound_file_is_taken_over()
    {
        Fill();
        Database.Dispose();

        var report = StoreDatabase.Salvage(FilePath, Target);

        Assert.That((report.LostRows, report.LostPages, report.LastFrameIsKnown), Is.EqualTo((0L, 0L, true)));
        AssertSame();
    }

    [Test]
    public void What_is_in_the_log_only_is_taken_over()
    {
        Fill();
        var copy = InDirectory("copy.db");
        File.Copy(FilePath, copy);
        File.Copy(FilePath + "-wal", copy + "-wal");
        Assert.That(new FileInfo(copy + "-wal").Length, Is.GreaterThan(100 * PageSize));

        StoreDatabase.Salvage(copy, Target);
        AssertSame();
    }

    [Test]
    public void A_free_page_is_not_taken_for_data()
    {
        Fill();
        Database.Apply(d =>
        {
            d.SessionEnded(3);
            d.SessionEnded(4);
        });
        Database.Dispose();

        var report = StoreDatabase.Salvage(FilePath, Target);

        Assert.That((report.Rows["session"], report.Rows["queue"], report.LostRows, report.LostPages), Is.EqualTo((8L, 800L, 0L, 0L)));
    }

    [Test]
    public void What_is_readable_survives_damaged_pages([Values(1, 2, 3)] int seed, [Values] bool zeros)
    {
        Fill();
        Database.Dispose();
        var whole = StoreDatabase.Salvage(FilePath, InDirectory("whole.db"));
        var damaged = Damage(new Random(seed), pages: 10, zeros);

        Assert.That(() => StoreDatabase.Open(FilePath).Dispose(), Throws.InstanceOf<DatabaseDamagedException>());
        var report = StoreDatabase.Salvage(FilePath, Target);

        Assert.That(report.LostPages, Is.InRange(1, damaged.Count * 40L), "with the pages that only a lost page led to");
        Assert.That(report.Rows.Values.Sum(), Is.InRange(whole.Rows.Values.Sum() / 2, whole.Rows.Values.Sum() - 1));
        using var salvaged = StoreDatabase.Open(Target);
        salvaged.CheckPages();
        foreach (var message in salvaged.ReadQueue(1, 0, 1000, Clock).Where(message => message.Sequence < 1000))
        {
            var payload = Payload(1, message.Sequence);
            Assert.That(message.Message.Payload.Text(), zeros ? Does.StartWith(payload[..8]) : Is.EqualTo(payload), "zeros may stand for data");
        }
    }

    [Test]
    public void A_file_without_its_beginning_is_salvaged()
    {
        Fill();
        Database.Dispose();
        Overwrite(1, new byte[PageSize]);

        var report = StoreDatabase.Salvage(FilePath, Target);

        Assert.That(report.Rows["queue"], Is.EqualTo(1000));
        Assert.That(report.LostPages, Is.InRange(1, 2), "that page, and what it says is free");
        AssertSame();
    }

    [Test]
    public void Without_its_last_frame_a_file_has_been_written_when_it_was_last_changed()
    {
        Fill();
        var metaPage = (int)Number("SELECT rootpage FROM sqlite_schema WHERE name = 'meta'");
        Database.Dispose();
        Overwrite(metaPage, new byte[PageSize]);

        var report = StoreDatabase.Salvage(FilePath, Target);

        Assert.That(report.LastFrameIsKnown, Is.False);
        using var salvaged = StoreDatabase.Open(Target);
        Assert.That((salvaged.LastFrame, salvaged.HighestSessionKey, salvaged.HighestSharedKey), Is.EqualTo((0L, 10L, 1L)));
        Assert.That(salvaged.LastWrittenAt, Is.EqualTo(new DateTimeOffset(File.GetLastWriteTimeUtc(FilePath)).ToUnixTimeMilliseconds()));
    }

    private static string Payload(long session, long sequence) => $"{session}-{sequence}-" + new string('x', (int)(sequence * 97 % 3000));

    private void Fill() => Database.Apply(
        d =>
        {
            d.Share(1, new string('s', 20_000));
            for (var session = 1; session <= 10; session++)
            {
                d.Attach(session, $"client {session}", will: "gone");
                d.Received(session, 7);
                d.QueueShared(session, 1000, 1);
                for (var i = 1; i < 100; i++)
                {
                    d.Queue(session, i, Payload(session, i));
                    d.Subscribe(session, $"fleet/{session}/{i}");
                    d.Retain($"fleet/{session}/{i}/state", Payload(session, i));
                }

                d.Released(session, 50);
            }
        },
        frame: 77,
        writtenAt: 88);

    private void AssertSame()
    {
        using var salvaged = StoreDatabase.Open(Target);
        using var file = SqliteFile.Open(Target);
        Assert.That(salvaged.LoadSessions(Clock).Select(s => (s.Identity.ClientId, s.QueuedCount, s.Subscriptions.Count, s.Received.Count, s.Released.Count)), Is.EqualTo(
            Enumerable.Range(1, 10).Select(i => ($"client {i}", 99, 99, 1, 1))));
        Assert.That(salvaged.ReadQueue(4, 0, 1000, Clock).SkipLast(1).Select(m => m.Message.Payload.Text()), Is.EqualTo(
            Enumerable.Range(1, 99).Where(i => i != 50).Select(i => Payload(4, i))));
        Assert.That(salvaged.ReadQueue(4, 999, 1, Clock).Single().Message.Payload.Length, Is.EqualTo(20_000));
        Assert.That(file.ReadNumber("SELECT sum(length(payload)) FROM retained"), Is.EqualTo(
            Enumerable.Range(1, 10).Sum(session => Enumerable.Range(1, 99).Sum(i => Payload(session, i).Length))));
        Assert.That(salvaged.LastFrame, Is.EqualTo(77));
    }

    private HashSet<int> Damage(Random random, int pages, bool zeros)
    {
        HashSet<int> damaged = [];
        var count = (int)(new FileInfo(FilePath).Length / PageSize);
        while (damaged.Count < pages)
        {
            var page = random.Next(2, count + 1);
            var bytes = new byte[PageSize];
            if (!zeros)
            {
                random.NextBytes(bytes);
            }

            damaged.Add(page);
            Overwrite(page, bytes);
        }

        return damaged;
    }

    private void Overwrite(int page, byte[] bytes)
    {
        using var file = File.OpenHandle(FilePath, access: FileAccess.Write);
        RandomAccess.Write(file, bytes, (page - 1L) * PageSize);
    }
}
