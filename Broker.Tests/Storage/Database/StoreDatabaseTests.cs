using Broker.Storage;
using Broker.Storage.Database;
using NUnit.Framework;

namespace Broker.Tests.Storage.Database;

/// <summary>Files, transactions, versions.</summary>
public sealed class StoreDatabaseTests : DatabaseFixture
{
    [Test]
    public void A_new_file_is_empty()
    {
        Assert.That(Database.IsEmpty);
        Assert.That((Database.LastFrame, Database.LastWrittenAt, Database.HighestSessionKey, Database.HighestSharedKey), Is.EqualTo((0L, 0L, 0L, 0L)));
        Assert.That(Sessions(), Is.Empty);
        Assert.That(Database.LoadRetained(Clock), Is.Empty);
    }

    [Test]
    public void A_commit_is_there_after_opening_again()
    {
        Database.Apply(
            d =>
            {
                d.Attach(7);
                d.Share(9, "m");
                d.QueueShared(7, 1, 9);
            },
            frame: 12,
            writtenAt: 34);
        Reopen();

        Assert.That((Database.LastFrame, Database.LastWrittenAt, Database.HighestSessionKey, Database.HighestSharedKey), Is.EqualTo((12L, 34L, 7L, 9L)));
        Assert.That(Sessions().Single().Key, Is.EqualTo(7));
        Assert.That(Database.IsEmpty, Is.False);
    }

    [Test]
    public void Keys_that_are_gone_are_not_used_again()
    {
        Database.Apply(d =>
        {
            d.Attach(7);
            d.Share(9, "m");
        });
        Database.Apply(d => d.SessionEnded(7));
        Reopen();

        Assert.That((Database.HighestSessionKey, Database.HighestSharedKey), Is.EqualTo((7L, 9L)));
    }

    [Test]
    public void A_rollback_undoes_the_transaction_and_it_can_be_tried_again()
    {
        Database.Apply(d => d.Attach(1), frame: 5);
        Database.Begin();
        Database.Attach(2);
        Database.Share(3, "m");
        Database.Rollback();
        Database.Rollback();

        Assert.That((Database.LastFrame, Database.HighestSessionKey, Database.HighestSharedKey), Is.EqualTo((5L, 1L, 0L)));
        Assert.That(Sessions(), Has.Length.EqualTo(1));

        Database.Apply(d => d.Attach(2), frame: 6);
        Assert.That(Sessions(), Has.Length.EqualTo(2));
    }

    [Test]
    public void A_full_disk_is_a_fault_and_the_same_changes_work_when_there_is_room()
    {
        Database.Apply(d => d.Attach(1));
        Database.Connection.Execute("PRAGMA max_page_count = 40");
        Database.Begin();
        Assert.That(() => Database.Queue(1, 1, new string('x', 400_000)), Throws.InstanceOf<StoreFaultException>().With.Message.Contains("full"));
        Database.Rollback();

        Database.Connection.Execute("PRAGMA max_page_count = 4000");
        Database.Apply(d => d.Queue(1, 1, new string('x', 400_000)));
        Assert.That(Queue(1).Single().Message.Payload.Length, Is.EqualTo(400_000));
    }

    [Test]
    public void Another_connection_that_writes_is_a_fault_and_no_damage()
    {
        using var other = SqliteFile.Open(FilePath);
        Database.Connection.Execute("PRAGMA busy_timeout = 0");
        other.Execute("BEGIN IMMEDIATE");
        Assert.That(Database.Begin, Throws.InstanceOf<StoreFaultException>().With.Message.Contains("locked"));
        Database.Rollback();
        other.Execute("ROLLBACK");

        Database.Apply(d => d.Attach(1));
        Assert.That(Sessions(), Has.Length.EqualTo(1));
    }

    [Test]
    public void An_older_file_is_brought_up_to_date()
    {
        Database.Apply(d => d.Attach(1));
        Database.Dispose();
        DatabaseSchema next = new([.. DatabaseSchema.Current.Steps, "ALTER TABLE session ADD COLUMN note TEXT NOT NULL DEFAULT 'none'"]);

        using var database = StoreDatabase.Open(FilePath, next, StoreDatabase.LargestCheckedFile);

        Assert.That(database.LoadSessions(Clock).Single().Key, Is.EqualTo(1));
        Assert.That(Number("SELECT count(*) FROM session WHERE note = 'none'"), Is.EqualTo(1));
        Assert.That(Number("PRAGMA user_version"), Is.EqualTo(next.Steps.Count));
    }

    [Test]
    public void A_step_that_fails_leaves_the_older_file()
    {
        Database.Dispose();
        DatabaseSchema next = new([.. DatabaseSchema.Current.Steps, "CREATE TABLE extra (a); CREATE TABLE session (a)"]);

        Assert.That(() => StoreDatabase.Open(FilePath, next, StoreDatabase.LargestCheckedFile), Throws.InstanceOf<StoreFaultException>());
        Reopen();
        Assert.That(Number("SELECT count(*) FROM sqlite_schema WHERE name = 'extra'"), Is.Zero);
    }

    [Test]
    public void A_newer_file_is_refused()
    {
        Database.Dispose();
        using (var file = SqliteFile.Open(FilePath))
        {
            file.Execute("PRAGMA user_version = 99");
        }

        Assert.That(
            () => StoreDatabase.Open(FilePath),
            Throws.InstanceOf<DatabaseVersionException>().With.Message.Contains("newer version").And.Message.Contains("format 99"));
    }

    [Test]
    public void The_database_of_another_program_is_refused()
    {
        var path = InDirectory("other.db");
        using (var file = SqliteFile.Open(path))
        {
            file.Execute("CREATE TABLE a (b)");
        }

        Assert.That(() => StoreDatabase.Open(path), Throws.InstanceOf<DatabaseVersionException>().With.Message.Contains("not one of this broker"));
    }

    [Test]
    public void A_file_that_is_no_database_is_damaged()
    {
        var path = InDirectory("text.db");
        File.WriteAllText(path, new string('x', 10_000));

        Assert.That(() => StoreDatabase.Open(path), Throws.InstanceOf<DatabaseDamagedException>().With.Property("File").EqualTo(path));
    }
}
