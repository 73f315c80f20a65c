using Broker.Storage.Database;
using Broker.Tests.Configuration;
using NUnit.Framework;

namespace Broker.Tests.Storage.Database;

public sealed class CheckpointerTests
{
    private const int UsualPages = 8;
    private const int PageSize = 4096;

    [Test]
    public void The_log_stays_short_and_the_data_complete()
    {
        using TemporaryDirectory directory = new();
        var path = Path.Combine(directory.Path, "a.db");
        using var file = SqliteFile.Open(path);
        file.Execute("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE a (b BLOB)");
        using (Checkpointer checkpointer = new(path, UsualPages))
        {
            Write(file, 200, checkpointer.WaitForRoom, checkpointer.Written);
        }

        Assert.That(new FileInfo(path + "-wal").Length, Is.LessThan(9 * UsualPages * PageSize));
        Assert.That(file.ReadNumber("SELECT count(*) FROM a WHERE length(b) = 10000"), Is.EqualTo(200));

        Write(file, 200, () => { }, _ => { });
        Assert.That(new FileInfo(path + "-wal").Length, Is.GreaterThan(200 * 2 * PageSize), "what a log without one grows to");
    }

    [Test]
    public void A_reader_that_stays_does_not_stop_the_writer()
    {
        using TemporaryDirectory directory = new();
        var path = Path.Combine(directory.Path, "a.db");
        using var file = SqliteFile.Open(path);
        file.Execute("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE a (b BLOB)");
        using var reader = SqliteFile.Open(path);
        reader.Execute("BEGIN");
        Assert.That(reader.ReadNumber("SELECT count(*) FROM a"), Is.Zero);
        using Checkpointer checkpointer = new(path, UsualPages);

        Write(file, 100, checkpointer.WaitForRoom, checkpointer.Written);

        Assert.That(file.ReadNumber("SELECT count(*) FROM a"), Is.EqualTo(100));
        Assert.That(reader.ReadNumber("SELECT count(*) FROM a"), Is.Zero, "it still reads what it began with");
    }

    private static void Write(SqliteFile file, int commits, Action before, Action<int> written)
    {
        for (var i = 0; i < commits; i++)
        {
            before();
            file.Execute("INSERT INTO a VALUES (zeroblob(10000))");
            written(file.TakeWrittenPages());
        }
    }
}
