using Broker.Observability;

namespace Broker.Storage;

internal sealed partial class DurableStore
{
    private long _committed;
    private long _lastFrame;

    // The writer's thread. It commits when somebody waits, or when the flush interval is over and something is recorded.
    private void Write()
    {
        while (WaitForWork())
        {
            var position = TakeRecorded();
            if (_writing.Frame.PayloadLength > 0 && !Commit(position))
            {
                return;
            }

            NotifyCommitted();
        }
    }

    // False when the store closes and the disk does not work.
    private bool Commit(long position)
    {
        while (!TryAppend())
        {
            if (!WaitForRetry())
            {
                _logger.StoreClosedUnwritten(Volatile.Read(ref _recorded) - _committed, _path);
                return false;
            }
        }

        FaultEnded(StoreFaults.Write);
        _writing.Frame.Clear();
        lock (_gate)
        {
            Volatile.Write(ref _committed, position);
            UpdateRoom();
            _metrics.PendingBytes = _recorded - position;
        }

        CheckSize();

        WakeMoverAfterCommit();
        if (_journal.NeedsSpare)
        {
            PrepareSegment();
        }

        return true;
    }

    private bool TryAppend()
    {
        var time = _clock.Time;
        var started = time.GetTimestamp();
        try
        {
            _journal.Append(_writing.Frame, _lastFrame + 1, time.GetUtcNow().ToUnixTimeMilliseconds());
            _lastFrame++;
            _metrics.Committed(_writing.Frame.Whole.Length, time.GetElapsedTime(started));
            return true;
        }
        catch (Exception exception) when (DiskFault.Is(exception))
        {
            FaultBegan(StoreFaults.Write, exception);
            return false;
        }
    }

    // The next segment is made on another thread, long before it is needed.
    private void PrepareSegment() => ThreadPool.UnsafeQueueUserWorkItem(static store => store.TryPrepare(), this, preferLocal: false);

    private void TryPrepare()
    {
        try
        {
            _journal.Prepare();
            _metrics.JournalBytes = _journal.Bytes;
            FaultEnded(StoreFaults.Prepare);
        }
        catch (Exception exception) when (DiskFault.Is(exception))
        {
            FaultBegan(StoreFaults.Prepare, exception);
        }
    }
}
