using System.Buffers.Binary;
using static System.FormattableString;

namespace Broker.Storage.Database;

/// <summary>
/// Copies every row that can be read from a damaged database into a fresh one. It goes through all pages that are not free, so that rows are
/// found even where the page that leads to them is lost. The damaged file is not touched.
/// </summary>
internal sealed class DatabaseSalvage : IDisposable
{
    private readonly DamagedFile _damaged;
    private readonly RowReader _rows;
    private readonly SqliteFile _target;
    private readonly Dictionary<SalvagedTable, Statement> _inserts = [];
    private readonly byte[] _page;
    private readonly List<int> _unexplained = [];
    private long _lostRows;
    private bool _metaFound;

    private DatabaseSalvage(string damagedPath, string targetPath)
    {
        _damaged = new DamagedFile(damagedPath);
        _rows = new RowReader(_damaged);
        _page = new byte[_damaged.PageSize];
        _target = SqliteFile.Open(targetPath);
        foreach (var table in SalvagedTable.All)
        {
            var columns = (int)_target.ReadNumber(Invariant($"SELECT count(*) FROM pragma_table_info('{table.Name}')"));
            var parameters = string.Join(", ", Enumerable.Repeat("?", columns));
            _inserts.Add(table, _target.Prepare(Invariant($"INSERT OR REPLACE INTO {table.Name} VALUES ({parameters})")));
        }
    }

    /// <summary>Copies what is readable.</summary>
    /// <param name="damagedPath">The damaged database; its write-ahead log (`-wal`) lies beside it.</param>
    /// <param name="targetPath">The database to make.</param>
    public static SalvageReport Run(string damagedPath, string targetPath)
    {
        StoreDatabase.Open(targetPath).Dispose();
        using DatabaseSalvage salvage = new(damagedPath, targetPath);
        return salvage.Run(new DateTimeOffset(File.GetLastWriteTimeUtc(damagedPath)).ToUnixTimeMilliseconds());
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var insert in _inserts.Values)
        {
            insert.Dispose();
        }

        _target.Dispose();
        _damaged.Dispose();
    }

    private SalvageReport Run(long lastWrittenAt)
    {
        _target.Execute("PRAGMA synchronous = FULL; BEGIN IMMEDIATE");
        var free = ReadFreePages();
        for (var number = 1; number <= _damaged.PageCount; number++)
        {
            if (!free.Contains(number))
            {
                CopyPage(number);
            }
        }

        RemoveIncomplete();
        if (!_metaFound)
        {
            _target.Execute(Invariant($"UPDATE meta SET last_written_at = {lastWrittenAt}"));
        }

        _target.Execute("""
            UPDATE meta SET highest_session_key = max(highest_session_key, (SELECT coalesce(max(key), 0) FROM session)),
              highest_shared_key = max(highest_shared_key, (SELECT coalesce(max(key), 0) FROM message));
            COMMIT
            """);
        return new SalvageReport(
            SalvagedTable.All.ToDictionary(table => table.Name, table => _target.ReadNumber(Invariant($"SELECT count(*) FROM {table.Name}"))),
            _lostRows,
            _unexplained.Count(page => !_rows.OverflowPages.Contains(page)),
            _metaFound);
    }

    private void CopyPage(int number)
    {
        if (!_damaged.TryRead(number, _page) || !PageCells.TryRead(_page, number, out var cells))
        {
            _unexplained.Add(number);
            return;
        }

        for (var cell = 0; cells.HasRows && cell < cells.Count; cell++)
        {
            if (_rows.Read(_page, cells, cell) is not { } row)
            {
                _lostRows++;
            }
            else if (!row.IsOfIndexOrSchema)
            {
                Insert(row);
            }
        }
    }

    private void Insert(SalvagedRow row)
    {
        if (SalvagedTable.All.FirstOrDefault(candidate => candidate.Owns(row)) is not { } table)
        {
            _lostRows++;
            return;
        }

        _metaFound |= table.Name == "meta";
        row.BindTo(_inserts[table]);
        _inserts[table].Execute();
    }

    // Free pages hold rows of the past. The list is a chain of pages that name the others.
    private HashSet<int> ReadFreePages()
    {
        const int firstAt = 32;
        HashSet<int> free = [];
        if (!_damaged.TryRead(1, _page))
        {
            return free;
        }

        var trunk = BinaryPrimitives.ReadInt32BigEndian(_page.AsSpan(firstAt));
        while (trunk != 0 && _damaged.TryRead(trunk, _page) && free.Add(trunk))
        {
            var count = Math.Min(BinaryPrimitives.ReadUInt32BigEndian(_page.AsSpan(4)), (_page.Length / 4) - 2);
            for (var i = 0; i < count; i++)
            {
                free.Add(BinaryPrimitives.ReadInt32BigEndian(_page.AsSpan(8 + (4 * i))));
            }

            trunk = BinaryPrimitives.ReadInt32BigEndian(_page);
        }

        return free;
    }

    // What belongs to something that is lost is lost as well.
    private void RemoveIncomplete()
    {
        foreach (var incomplete in (ReadOnlySpan<string>)[
            "queue WHERE shared_key NOTNULL AND shared_key NOT IN (SELECT key FROM message)",
            "queue WHERE session NOT IN (SELECT key FROM session)",
            "received WHERE session NOT IN (SELECT key FROM session)",
            "subscription WHERE session NOT IN (SELECT key FROM session)"])
        {
            _target.Execute(Invariant($"DELETE FROM {incomplete}"));
            _lostRows += _target.ReadNumber("SELECT changes()");
        }

        _target.Execute("DELETE FROM message WHERE key NOT IN (SELECT shared_key FROM queue WHERE shared_key NOTNULL)");
    }
}
