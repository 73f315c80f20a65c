namespace Broker.Storage.Journal;

/// <summary>
/// Appends frames to segments. One thread appends; another may prepare segments and retire them meanwhile. A segment is made before it is
/// needed, with all its bytes allocated: a full disk shows there, and a commit is one write and one sync.
/// </summary>
internal sealed class JournalWriter : IDisposable
{
    private const string Unfinished = "unfinished.tmp";
    private const int MostRetired = 2;

    private readonly IJournalFiles _files;
    private readonly long _segmentBytes;
    private readonly Lock _making = new();
    private readonly Stack<Segment> _retired = [];
    private Segment? _spare;
    private long _lastSegment;
    private long _bytes;
    private Segment _current;
    private long _end = SegmentHeader.Length;
    private bool _suspect;
    private bool _closed;

    /// <summary>Makes the first segment.</summary>
    /// <param name="files">The journal's directory.</param>
    /// <param name="segmentBytes">Bytes of a segment file.</param>
    /// <param name="lastSegment">Number of the last segment that was there; 0 for none.</param>
    public JournalWriter(IJournalFiles files, long segmentBytes, long lastSegment)
    {
        _files = files;
        _segmentBytes = segmentBytes;
        _lastSegment = lastSegment;
        if (files.Names().Contains(Unfinished))
        {
            files.Delete(Unfinished);
        }

        _current = Make(segmentBytes);
    }

    /// <summary>The segment that is written.</summary>
    public Segment Current => _current;

    /// <summary>True while the next segment is not made.</summary>
    public bool NeedsSpare => Volatile.Read(ref _spare) is null;

    /// <summary>Bytes of all segment files.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>
    /// Writes a frame and syncs it. After an exception the same frame is to be appended again: over a part that was written, or to a new
    /// segment when the sync failed, because the kernel may have dropped what it could not write.
    /// </summary>
    public void Append(FrameBuffer buffer, long number, long writtenAt)
    {
        var frame = buffer.Whole;
        if (_suspect || _end + frame.Length > _current.File.Length)
        {
            Roll(frame.Length);
        }

        Frame.Seal(frame, _current.Seed, number, writtenAt);
        _current.File.Write(_end, frame);
        _suspect = true;
        _current.File.Sync();
        _suspect = false;
        _end += frame.Length;
        _current.Committed = _end;
    }

    /// <summary>Makes the next segment if it is not there yet.</summary>
    public void Prepare()
    {
        lock (_making)
        {
            if (!_closed)
            {
                _spare ??= Make(_segmentBytes);
            }
        }
    }

    /// <summary>Everything in a segment has been moved: its file is used again or deleted.</summary>
    public void Retire(Segment segment)
    {
        lock (_making)
        {
            if (segment.File.Length == _segmentBytes && _retired.Count < MostRetired)
            {
                _retired.Push(segment);
            }
            else
            {
                Discard(segment);
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_making)
        {
            _closed = true;
            _spare?.File.Dispose();
            _current.File.Dispose();
            foreach (var segment in _retired)
            {
                segment.File.Dispose();
            }
        }
    }

    private void Roll(int frameLength)
    {
        lock (_making)
        {
            if (_spare is { } tooSmall && tooSmall.File.Length < SegmentHeader.Length + frameLength)
            {
                // Its number comes before that of the larger one, which is to be used first.
                Discard(tooSmall);
                _spare = null;
            }

            var next = _spare ?? Make(Math.Max(_segmentBytes, SegmentHeader.Length + frameLength));
            _spare = null;
            _current.Next = next;
            _current = next;
        }

        _end = SegmentHeader.Length;
        _suspect = false;
    }

    private Segment Make(long length)
    {
        var number = _lastSegment + 1;
        var file = length == _segmentBytes && _retired.TryPeek(out var used) ? Reuse(used) : Create(length);
        try
        {
            Span<byte> header = stackalloc byte[SegmentHeader.Length];
            var seed = SegmentHeader.Write(header, number);
            file.Write(0, header);
            file.Sync();
            _files.Rename(Unfinished, Segment.NameOf(number));
            _files.Sync();
            _lastSegment = number;
            return new Segment(number, seed, file);
        }
        catch
        {
            Interlocked.Add(ref _bytes, -file.Length);
            file.Dispose();
            throw;
        }
    }

    private IJournalFile Reuse(Segment used)
    {
        _files.Rename(used.Name, Unfinished);
        _retired.Pop();
        return used.File;
    }

    private IJournalFile Create(long length)
    {
        var file = _files.Create(Unfinished, length);
        Interlocked.Add(ref _bytes, length);
        return file;
    }

    private void Discard(Segment segment)
    {
        segment.File.Dispose();
        _files.Delete(segment.Name);
        Interlocked.Add(ref _bytes, -segment.File.Length);
    }
}
