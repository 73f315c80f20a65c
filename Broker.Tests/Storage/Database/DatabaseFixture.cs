using Broker.Core.Ports;
using Broker.Core.Timing;
using Broker.Storage.Database;
using Broker.Tests.Configuration;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Storage.Database;

/// <summary>A database file of a test's own, and a clock.</summary>
public abstract class DatabaseFixture
{
    private TemporaryDirectory _directory = null!;

    internal ManualTimeProvider Time { get; private set; } = null!;

    internal BrokerClock Clock { get; private set; } = null!;

    internal StoreDatabase Database { get; private set; } = null!;

    internal long UnixNow => Time.GetUtcNow().ToUnixTimeMilliseconds();

    protected string FilePath => InDirectory("broker.db");

    [SetUp]
    public void OpenDatabase()
    {
        _directory = new TemporaryDirectory();
        Time = new ManualTimeProvider();
        Clock = new BrokerClock(Time);
        Database = StoreDatabase.Open(FilePath);
    }

    [TearDown]
    public void CloseDatabase()
    {
        Database.Dispose();
        _directory.Dispose();
    }

    protected string InDirectory(string name) => Path.Combine(_directory.Path, name);

    internal void Reopen()
    {
        Database.Dispose();
        Database = StoreDatabase.Open(FilePath);
    }

    internal StoredSession[] Sessions() => [.. Database.LoadSessions(Clock)];

    internal List<StoredMessage> Queue(long session, long after = 0, int count = 100) => Database.ReadQueue(session, after, count, Clock);

    /// <summary>Reads a number as an operator would.</summary>
    protected long Number(string sql)
    {
        using var file = SqliteFile.Open(FilePath);
        return file.ReadNumber(sql);
    }
}
