using Broker.Storage.Database;

namespace Broker.Storage.Journal;

/// <summary>
/// Moves what the last process left in the journal to the database. Frames are numbered without a gap, so damage shows: a bad frame after which
/// nothing good comes is one that a crash tore, and nobody was told that it is stored; a bad frame with a good one after it is damage.
/// </summary>
internal sealed class JournalRecovery(IJournalFiles files, IStoreDatabase database, int batchBytes, bool stopAtDamage)
{
    private readonly ChangeBatch _batch = new();
    private readonly List<JournalDamage> _damage = [];
    private long _expected = database.LastFrame + 1;
    private (string File, long Offset)? _badEnd;

    /// <summary>What is damaged.</summary>
    public IReadOnlyList<JournalDamage> Damage => _damage;

    /// <summary>Names of the segment files, in order.</summary>
    public IReadOnlyList<string> Segments { get; private set; } = [];

    /// <summary>Number of the last segment; 0 for none.</summary>
    public long LastSegment { get; private set; }

    /// <summary>Number of the last frame that is in the database now; 0 for none.</summary>
    public long LastFrame => _expected - 1;

    /// <summary>Frames that were moved.</summary>
    public long FramesMoved { get; private set; }

    /// <summary>Bytes of changes that were moved.</summary>
    public long BytesMoved { get; private set; }

    /// <summary>True when the last frame was torn.</summary>
    public bool TornTail => _badEnd is not null;

    private bool IsStopped => stopAtDamage && _damage.Count > 0;

    /// <summary>Moves what is readable, or what comes before the first damage.</summary>
    public void Run()
    {
        var segments = files.Names()
            .Select(static name => (Name: name, IsSegment: Segment.TryParseName(name, out var number), Number: number))
            .Where(static file => file.IsSegment)
            .OrderBy(static file => file.Number)
            .ToArray();
        Segments = [.. segments.Select(static file => file.Name)];
        LastSegment = segments.LastOrDefault().Number;
        foreach (var segment in segments)
        {
            ReadSegment(segment.Name);
            if (IsStopped)
            {
                break;
            }
        }

        Move();
    }

    private void ReadSegment(string name)
    {
        var bytes = ReadFile(name);
        if (!SegmentHeader.TryRead(bytes, out var seed))
        {
            _damage.Add(new JournalDamage(name, 0, "the header of the file is not readable"));
            return;
        }

        var offset = SegmentHeader.Length;
        while (offset < bytes.Length && !IsStopped)
        {
            if (Frame.TryRead(bytes.AsSpan(offset), seed, out var frame))
            {
                Take(name, offset, frame, bytes.AsSpan(offset + Frame.HeaderLength, frame.PayloadLength));
                offset += frame.Length;
                continue;
            }

            if (bytes.AsSpan(offset).ContainsAnyExcept((byte)0))
            {
                _badEnd ??= (name, offset);
            }

            offset = Frame.Find(bytes, offset, seed);
            if (offset < 0)
            {
                return;
            }
        }
    }

    private void Take(string name, long offset, in FrameHeader frame, ReadOnlySpan<byte> payload)
    {
        if (frame.Number > _expected)
        {
            var (file, at) = _badEnd ?? (name, offset);
            _damage.Add(new JournalDamage(file, at, frame.Number == _expected + 1
                ? $"frame {_expected} is missing or not readable, but frame {frame.Number} is"
                : $"frames {_expected} to {frame.Number - 1} are missing or not readable, but frame {frame.Number} is"));
        }

        // Frames that were moved already, and one that was written again after a failed sync, come twice. A bad one was moved, or came again.
        _badEnd = null;
        if (frame.Number < _expected || IsStopped)
        {
            return;
        }

        _batch.Add(frame, payload);
        _expected = frame.Number + 1;
        FramesMoved++;
        BytesMoved += payload.Length;
        if (_batch.Length >= batchBytes)
        {
            Move();
        }
    }

    private void Move()
    {
        if (_batch.Length > 0)
        {
            database.Begin();
            Apply();
            database.Commit(_batch.LastFrame, _batch.WrittenAt);
            _batch.Clear();
        }
    }

    private void Apply()
    {
        try
        {
            _batch.ApplyTo(database);
        }
        catch (InvalidDataException exception)
        {
            throw new StoreException($"The journal holds changes that this version of the broker does not know (up to frame {_batch.LastFrame}: {exception.Message}). Start the version that wrote it.", exception);
        }
    }

    private byte[] ReadFile(string name)
    {
        using var file = files.Open(name);
        var bytes = new byte[file.Length];
        var read = file.Read(0, bytes);
        return read == bytes.Length ? bytes : bytes[..read];
    }
}
