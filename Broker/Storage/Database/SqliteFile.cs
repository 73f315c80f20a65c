using SQLitePCL;
using static SQLitePCL.raw;

namespace Broker.Storage.Database;

/// <summary>One connection to an SQLite file, used by one thread at a time. What fails is thrown as <see cref="StoreFaultException"/> or <see cref="DatabaseDamagedException"/>.</summary>
internal sealed class SqliteFile : IDisposable
{
    private const int BusyMilliseconds = 5000;

    private readonly sqlite3 _connection;

    private SqliteFile(string path, sqlite3 connection)
    {
        Path = path;
        _connection = connection;
    }

    /// <summary>Path of the file.</summary>
    public string Path { get; }

    /// <summary>True between BEGIN and the end of a transaction.</summary>
    public bool IsInTransaction => sqlite3_get_autocommit(_connection) == 0;

    /// <summary>Opens the file, which is made when it is not there.</summary>
    public static SqliteFile Open(string path)
    {
        Batteries_V2.Init();
        var result = sqlite3_open_v2(path, out var connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, null);
        var file = new SqliteFile(path, connection);
        try
        {
            file.Check(result);
            file.Check(sqlite3_busy_timeout(connection, BusyMilliseconds));
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Runs statements that have no result.</summary>
    public void Execute(string sql) => Check(sqlite3_exec(_connection, sql));

    /// <summary>Prepares one statement.</summary>
    public Statement Prepare(string sql)
    {
        Check(sqlite3_prepare_v3(_connection, sql, SQLITE_PREPARE_PERSISTENT, out var statement));
        return new Statement(this, statement);
    }

    /// <summary>The first column of the first row; 0 when there is none.</summary>
    public long ReadNumber(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Read() ? statement.Number(0) : 0;
    }

    /// <summary>Pages written since the last call.</summary>
    public int TakeWrittenPages()
    {
        Check(sqlite3_db_status(_connection, SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, 1));
        return pages;
    }

    /// <summary>Copies what it can from the write-ahead log without waiting for anybody; true when that was all of it.</summary>
    public bool Checkpoint()
    {
        var result = sqlite3_wal_checkpoint_v2(_connection, "main", SQLITE_CHECKPOINT_PASSIVE, out var logged, out var copied);
        if (result is SQLITE_BUSY or SQLITE_LOCKED)
        {
            return false;
        }

        Check(result);
        return logged >= 0 && copied == logged;
    }

    /// <summary>Throws for what is not a success.</summary>
    public void Check(int result)
    {
        if (result is not (SQLITE_OK or SQLITE_ROW or SQLITE_DONE))
        {
            throw Fault(result);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _ = sqlite3_close_v2(_connection);

    private IOException Fault(int result)
    {
        var detail = $"{sqlite3_errmsg(_connection).utf8_to_string()} (SQLite {sqlite3_extended_errcode(_connection)})";
        return (result & 0xFF) is SQLITE_CORRUPT or SQLITE_NOTADB
            ? new DatabaseDamagedException(Path, detail)
            : new StoreFaultException($"{Path}: {detail}");
    }
}
