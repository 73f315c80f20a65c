using System.Numerics;
using Broker.Storage.Journal;

namespace Broker.Storage;

internal sealed partial class DurableStore
{
    // Guards what wakes the mover, which waits on it.
    private readonly object _moving = new();
    private readonly ChangeBatch _batch = new();
    private byte[] _chunk = [];
    private bool _moveDue;
    private bool _moverStops;
    private bool _inTransaction;
    private long _moved;

    // Up to where the database has committed, and up to where the open transaction goes.
    private JournalCursor _movedTo;
    private JournalCursor _applied;

    // The mover's thread. Changes that only a reader is waiting for are applied in a transaction that stays open until the next beat.
    private void Move()
    {
        var stops = false;
        while (!stops)
        {
            var all = WaitForMove(out stops);
            while (!TryMove(all) && !stops)
            {
                stops = WaitForBeat();
                all = true;
            }
        }
    }

    private bool TryMove(bool all)
    {
        try
        {
            while (ReadBatch())
            {
                ApplyBatch();
                if (_applied.Position - _movedTo.Position >= _limits.BatchBytes)
                {
                    CommitMoved();
                }

                AnswerReads();
            }

            if (all && _inTransaction)
            {
                CommitMoved();
            }

            AnswerReads();
            FaultEnded(StoreFaults.Move);
            return true;
        }
        catch (Exception exception) when (DiskFault.Is(exception))
        {
            UndoMove();
            FaultBegan(StoreFaults.Move, exception);
            AnswerReadsFromBehind();
            return false;
        }
    }

    private void ApplyBatch()
    {
        if (!_inTransaction)
        {
            _database.Begin();
            _inTransaction = true;
        }

        _batch.ApplyTo(_database);
    }

    private void CommitMoved()
    {
        var segment = _movedTo.Segment;
        _database.Commit(_batch.LastFrame, _batch.WrittenAt);
        _inTransaction = false;
        _movedTo = _applied;
        lock (_gate)
        {
            Volatile.Write(ref _moved, _movedTo.Position);
            UpdateRoom();
        }

        MeasureDatabase();
        for (; segment != _movedTo.Segment; segment = segment.Next!)
        {
            _journal.Retire(segment);
        }

        _metrics.JournalBytes = _journal.Bytes;
    }

    private void UndoMove()
    {
        _applied = _movedTo;
        _inTransaction = false;
        try
        {
            _database.Rollback();
        }
        catch (Exception exception) when (DiskFault.Is(exception))
        {
            // The database gives the transaction up by itself; the changes are in the journal.
        }
    }

    // Reads committed frames after what is applied; false when there is none.
    private bool ReadBatch()
    {
        _batch.Clear();
        var cursor = _applied;
        while (_batch.Length < _limits.BatchBytes)
        {
            var available = cursor.Segment.Committed - cursor.Offset;
            if (available > 0)
            {
                cursor = ReadFrames(cursor, available);
            }
            else if (cursor.Segment.Next is { } next)
            {
                // Nothing is added once there is a next one, but something may have been between the two looks.
                cursor = cursor.Segment.Committed > cursor.Offset ? cursor : new JournalCursor(next, SegmentHeader.Length, cursor.Position);
            }
            else
            {
                break;
            }
        }

        _applied = cursor;
        return _batch.Length > 0;
    }

    private JournalCursor ReadFrames(JournalCursor cursor, long available)
    {
        var wanted = (int)Math.Min(available, Math.Max(_limits.BatchBytes, Frame.HeaderLength));
        var chunk = ReadChunk(cursor, wanted);
        var read = 0;
        while (read < chunk.Length)
        {
            var rest = chunk[read..];
            if (Frame.TryRead(rest, cursor.Segment.Seed, out var frame))
            {
                _batch.Add(frame, rest.Slice(Frame.HeaderLength, frame.PayloadLength));
                read += frame.Length;
            }
            else if (read > 0)
            {
                break;
            }
            else if (Frame.TryReadHeader(rest, cursor.Segment.Seed, out frame) && frame.Length > chunk.Length && frame.Length <= available)
            {
                chunk = ReadChunk(cursor, frame.Length);
            }
            else
            {
                throw new StoreFaultException($"{cursor.Segment.Name} cannot be read back at byte {cursor.Offset}: it holds something else than what was written");
            }
        }

        return cursor with { Offset = cursor.Offset + read, Position = _applied.Position + _batch.Length };
    }

    private ReadOnlySpan<byte> ReadChunk(in JournalCursor cursor, int length)
    {
        if (_chunk.Length < length)
        {
            _chunk = new byte[BitOperations.RoundUpToPowerOf2((uint)length)];
        }

        return _chunk.AsSpan(0, cursor.Segment.File.Read(cursor.Offset, _chunk.AsSpan(0, length)));
    }
}
