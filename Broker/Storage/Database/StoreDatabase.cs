using static System.FormattableString;

namespace Broker.Storage.Database;

/// <summary>The store's database, an SQLite file with a write-ahead log. A commit is on disk when it returns.</summary>
internal sealed partial class StoreDatabase : IStoreDatabase
{
    /// <summary>Larger files, in bytes, are not read through when they are opened.</summary>
    public const long LargestCheckedFile = 64L << 20;

    private const string Settings = """
        PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 67108864;
        PRAGMA cache_size = -16384; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;
        """;

    private readonly SqliteFile _file;
    private readonly Checkpointer _checkpointer;
    private readonly List<Statement> _statements = [];
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _saveMeta;
    private readonly Statement _bytesInUse;

    private StoreDatabase(SqliteFile file)
    {
        _file = file;
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _saveMeta = Prepare("UPDATE meta SET last_frame = ?, last_written_at = ?, highest_session_key = ?, highest_shared_key = ? WHERE id = 1");
        _bytesInUse = Prepare(
            "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()");
        PrepareSessionChanges();
        PrepareMessageChanges();
        PrepareReading();
        ReadMeta();
        _checkpointer = new Checkpointer(file.Path, Checkpointer.UsualPages);
    }

    /// <inheritdoc />
    public long LastFrame { get; private set; }

    /// <inheritdoc />
    public long LastWrittenAt { get; private set; }

    /// <inheritdoc />
    public long HighestSharedKey { get; private set; }

    /// <inheritdoc />
    public long HighestSessionKey { get; private set; }

    /// <inheritdoc />
    public long BytesInUse
    {
        get
        {
            _bytesInUse.Read();
            var bytes = _bytesInUse.Number(0);
            _bytesInUse.Reset();
            return bytes;
        }
    }

    /// <summary>The connection that changes are made over.</summary>
    public SqliteFile Connection => _file;

    /// <summary>True when it holds no session and no retained message.</summary>
    public bool IsEmpty => _file.ReadNumber("SELECT EXISTS (SELECT 1 FROM session) OR EXISTS (SELECT 1 FROM retained)") == 0;

    /// <summary>Opens the file, which is made when it is not there. Its pages are checked unless it is larger than <see cref="LargestCheckedFile"/>.</summary>
    /// <exception cref="DatabaseDamagedException">The file is damaged.</exception>
    /// <exception cref="DatabaseVersionException">The file is of a newer version of the broker.</exception>
    public static StoreDatabase Open(string path) => Open(path, DatabaseSchema.Current, LargestCheckedFile);

    /// <summary>The same with a schema and a bound, in bytes, of files that are checked.</summary>
    public static StoreDatabase Open(string path, DatabaseSchema schema, long largestChecked)
    {
        var file = SqliteFile.Open(path);
        try
        {
            file.Execute(Settings);
            if (new FileInfo(path).Length <= largestChecked)
            {
                CheckPages(file);
            }

            schema.Apply(file);
            return new StoreDatabase(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads all pages of the file.</summary>
    /// <exception cref="DatabaseDamagedException">A page is damaged.</exception>
    public void CheckPages() => CheckPages(_file);

    /// <summary>Copies every row that can be read from a damaged database, which is not touched, into a fresh one.</summary>
    public static SalvageReport Salvage(string damagedPath, string targetPath) => DatabaseSalvage.Run(damagedPath, targetPath);

    /// <inheritdoc />
    public void Begin()
    {
        _checkpointer.WaitForRoom();
        _begin.Execute();
        RemoveWhatIsOver();
    }

    /// <inheritdoc />
    public void Commit(long lastFrame, long writtenAt)
    {
        RemoveUnusedMessages();
        _saveMeta.Bind(1, lastFrame);
        _saveMeta.Bind(2, writtenAt);
        _saveMeta.Bind(3, HighestSessionKey);
        _saveMeta.Bind(4, HighestSharedKey);
        _saveMeta.Execute();
        _commit.Execute();
        LastFrame = lastFrame;
        LastWrittenAt = writtenAt;
        _unused.Clear();
        _checkpointer.Written(_file.TakeWrittenPages());
    }

    /// <inheritdoc />
    public void Rollback()
    {
        _unused.Clear();
        if (_file.IsInTransaction)
        {
            _file.Execute("ROLLBACK");
        }

        ReadMeta();
    }

    /// <summary>Removes everything, within a transaction. Keys are not used again.</summary>
    public void Clear()
    {
        foreach (var table in (ReadOnlySpan<string>)["session", "subscription", "received", "queue", "message", "retained"])
        {
            _file.Execute(Invariant($"DELETE FROM {table}"));
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _checkpointer.Dispose();
        _statements.ForEach(statement => statement.Dispose());
        _file.Dispose();
    }

    private static void CheckPages(SqliteFile file)
    {
        using var check = file.Prepare("PRAGMA quick_check(1)");
        while (check.Read())
        {
            if (!check.Bytes(0).SequenceEqual("ok"u8))
            {
                throw new DatabaseDamagedException(file.Path, System.Text.Encoding.UTF8.GetString(check.Bytes(0)));
            }
        }
    }

    private Statement Prepare(string sql)
    {
        var statement = _file.Prepare(sql);
        _statements.Add(statement);
        return statement;
    }

    private void ReadMeta()
    {
        using var meta = _file.Prepare("SELECT last_frame, last_written_at, highest_session_key, highest_shared_key FROM meta");
        if (!meta.Read())
        {
            throw new DatabaseDamagedException(_file.Path, "the table meta is empty");
        }

        LastFrame = meta.Number(0);
        LastWrittenAt = meta.Number(1);
        HighestSessionKey = meta.Number(2);
        HighestSharedKey = meta.Number(3);
    }
}
