using System.Buffers.Binary;

namespace Broker.Storage.Database;

/// <summary>
/// The pages of a database file that SQLite may refuse: those of the file, and over them those that were committed to its write-ahead log. Nothing
/// is written. Pages count from 1. (https://sqlite.org/fileformat2.html)
/// </summary>
internal sealed class DamagedFile : IDisposable
{
    private const int LogHeader = 32;
    private const int FrameHeader = 24;

    private readonly FileStream _file;
    private readonly FileStream? _log;
    private readonly Dictionary<int, long> _logged = [];

    public DamagedFile(string path)
    {
        _file = File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        _log = File.Exists(path + "-wal") ? File.Open(path + "-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite) : null;
        PageSize = ReadPageSize();
        PageCount = (int)(_file.Length / PageSize);
        ReadLog();
    }

    /// <summary>Bytes of a page.</summary>
    public int PageSize { get; }

    /// <summary>Number of pages.</summary>
    public int PageCount { get; private set; }

    /// <summary>Reads a page; false when it cannot be read.</summary>
    public bool TryRead(int page, Span<byte> buffer)
    {
        try
        {
            if (page < 1 || page > PageCount)
            {
                return false;
            }

            var (source, offset) = _logged.TryGetValue(page, out var logged) ? (_log!, logged) : (_file, (long)(page - 1) * PageSize);
            return RandomAccess.Read(source.SafeFileHandle, buffer[..PageSize], offset) == PageSize;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _file.Dispose();
        _log?.Dispose();
    }

    private int ReadPageSize()
    {
        const int usual = 4096;
        Span<byte> header = stackalloc byte[18];
        if (RandomAccess.Read(_file.SafeFileHandle, header, 0) < header.Length)
        {
            return usual;
        }

        int size = BinaryPrimitives.ReadUInt16BigEndian(header[16..]);
        return size is >= 512 and <= 32768 && (size & (size - 1)) == 0 ? size : usual;
    }

    // Frames count up to the last commit of the log's present round; later ones are of an earlier round, or were never committed.
    private void ReadLog()
    {
        var header = new byte[LogHeader];
        if (_log is null || !TryReadLog(header, 0) || BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(8)) != PageSize)
        {
            return;
        }

        var sum = new LogChecksum(isBigEndian: (header[3] & 1) == 1);
        sum.Add(header.AsSpan(0, 24));
        Dictionary<int, long> pending = [];
        var frame = new byte[FrameHeader + PageSize];
        for (long at = LogHeader; TryReadLog(frame, at) && frame.AsSpan(8, 8).SequenceEqual(header.AsSpan(16, 8)); at += frame.Length)
        {
            sum.Add(frame.AsSpan(0, 8));
            sum.Add(frame.AsSpan(FrameHeader));
            if (!sum.Matches(frame.AsSpan(16, 8)))
            {
                break;
            }

            pending[BinaryPrimitives.ReadInt32BigEndian(frame)] = at + FrameHeader;
            if (BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(4)) is var pages and not 0)
            {
                Take(pending, pages);
            }
        }
    }

    private void Take(Dictionary<int, long> pending, int pages)
    {
        foreach (var (page, offset) in pending)
        {
            _logged[page] = offset;
        }

        pending.Clear();
        PageCount = pages;
    }

    private bool TryReadLog(byte[] buffer, long offset)
    {
        try
        {
            return RandomAccess.Read(_log!.SafeFileHandle, buffer, offset) == buffer.Length;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
