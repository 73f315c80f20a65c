namespace Broker.Storage.Database;

/// <summary>
/// Copies the write-ahead log into the database file on a thread and a connection of its own, so that no commit waits for it. Only when the log
/// has grown far beyond the usual, because the disk does not keep up, the writer waits.
/// </summary>
internal sealed class Checkpointer : IDisposable
{
    /// <summary>Pages in the log that begin a checkpoint.</summary>
    public const int UsualPages = 4096;

    /// <summary>Pages in the log that make the writer wait for one.</summary>
    public const int MostPages = 8 * UsualPages;

    private readonly SqliteFile _file;
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread _thread;
    private volatile bool _ended;
    private int _pages;

    public Checkpointer(string path)
    {
        _file = SqliteFile.Open(path);
        _thread = new Thread(Work) { IsBackground = true, Name = "database checkpoint" };
        _thread.Start();
    }

    /// <summary>A commit has written pages to the log.</summary>
    public void Written(int pages)
    {
        if (Interlocked.Add(ref _pages, pages) >= UsualPages)
        {
            _wake.Set();
        }
    }

    /// <summary>Waits while the log is far too long.</summary>
    public void WaitForRoom()
    {
        if (Volatile.Read(ref _pages) < MostPages)
        {
            return;
        }

        lock (_gate)
        {
            if (_pages >= MostPages)
            {
                Checkpoint();
            }
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

    private void Work()
    {
        while (_wake.WaitOne() && !_ended)
        {
            lock (_gate)
            {
                try
                {
                    Checkpoint();
                }
                catch (IOException)
                {
                    // Nothing is lost: the log keeps it. When it does not pass, the writer comes upon it in WaitForRoom.
                }
            }
        }
    }

    private void Checkpoint()
    {
        var pages = Volatile.Read(ref _pages);
        if (_file.Checkpoint())
        {
            Interlocked.Add(ref _pages, -pages);
        }
    }
}
