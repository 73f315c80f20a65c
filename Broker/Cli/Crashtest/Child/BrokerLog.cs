namespace Broker.Cli.Crashtest.Child;

/// <summary>What the broker's processes print, in one file.</summary>
internal sealed class BrokerLog(string path) : IDisposable
{
    private const int TailLines = 20;

    private readonly Lock _gate = new();
    private readonly StreamWriter _file = new(path, append: true) { AutoFlush = true };
    private readonly Queue<string> _tail = [];
    private bool _isDisposed;

    public string Path => path;

    /// <summary>The last lines.</summary>
    public string Tail
    {
        get
        {
            lock (_gate)
            {
                return string.Join(Environment.NewLine, _tail);
            }
        }
    }

    public void Write(string? line)
    {
        lock (_gate)
        {
            if (line is null || _isDisposed)
            {
                return;
            }

            _file.WriteLine(line);
            _tail.Enqueue(line);
            if (_tail.Count > TailLines)
            {
                _tail.Dequeue();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _file.Dispose();
        }
    }
}
