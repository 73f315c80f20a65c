namespace Broker.Storage.Database;

/// <summary>
/// Copies the write-ahead log into the database file on a thread and a connection of its own, so that no commit waits for it. SQLite begins the
/// log anew when it finds all of it copied, which under load never happens by itself: then the writer copies the rest, a small one, itself.
/// </summary>
internal sealed class Checkpointer : IDisposable
{
    /// <summary>Pages added to the log that begin a checkpoint: 16 MiB.</summary>
    public const int UsualPages = 4096;

    private readonly SqliteFile _file;
    private readonly int _usualPages;
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread _thread;
    private volatile bool _ended;

    // Pages in the log, written by the writer only; and how many of them a checkpoint has seen.
    private int _pages;
    private int _copied;

    /// <param name="path">The database file.</param>
    /// <param name="usualPages">Pages that begin a checkpoint; with four times as many the writer helps.</param>
    public Checkpointer(string path, int usualPages)
    {
        _usualPages = usualPages;
        _file = SqliteFile.Open(path);
        _ = _file.ReadNumber("SELECT count(*) FROM sqlite_schema"); // SQLite finds the log when it first reads; until then it copies nothing.
        _thread = new Thread(Work) { IsBackground = true, Name = "database checkpoint" };
        _thread.Start();
    }

    /// <summary>A commit has written pages to the log.</summary>
    public void Written(int pages)
    {
        Volatile.Write(ref _pages, _pages + pages);
        if (_pages - Volatile.Read(ref _copied) >= _usualPages)
        {
            _wake.Set();
        }
    }

    /// <summary>Shortens a log that has become too long. The writer calls it before a transaction.</summary>
    public void WaitForRoom()
    {
        if (_pages < 4 * _usualPages || (!_gate.TryEnter() && !EnterInNeed()))
        {
            return;
        }

        try
        {
            if (_file.Checkpoint())
            {
                Volatile.Write(ref _pages, 0);
                Volatile.Write(ref _copied, 0);
            }
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        _wake.Set();
        _thread.Join();
        _wake.Dispose();
        _file.Dispose();
    }

    // While a checkpoint runs there is time; only a disk that does not keep up makes the writer wait for its end.
    private bool EnterInNeed()
    {
        if (_pages < 8 * _usualPages)
        {
            return false;
        }

        _gate.Enter();
        return true;
    }

    private void Work()
    {
        while (_wake.WaitOne() && !_ended)
        {
            lock (_gate)
            {
                try
                {
                    var pages = Volatile.Read(ref _pages);
                    if (_file.Checkpoint())
                    {
                        Volatile.Write(ref _copied, pages);
                    }
                }
                catch (IOException)
                {
                    // Nothing is lost: the log keeps it. When it does not pass, the writer comes upon it in WaitForRoom.
                }
            }
        }
    }
}
