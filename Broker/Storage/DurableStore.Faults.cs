using Broker.Observability;

namespace Broker.Storage;

internal sealed partial class DurableStore
{
    private readonly Lock _faultGate = new();
    private int _faults;

    private void FaultBegan(StoreFaults fault, Exception exception)
    {
        lock (_faultGate)
        {
            var before = (StoreFaults)_faults;
            Volatile.Write(ref _faults, (int)(before | fault));
            if (before == StoreFaults.None)
            {
                _metrics.IsAvailable = false;
                _logger.StoreFailed(_path, exception.Message);
            }

            if (fault != StoreFaults.Write || before.HasFlag(StoreFaults.Write))
            {
                return;
            }
        }

        NotifyFailed();
    }

    private void FaultEnded(StoreFaults fault)
    {
        if (((StoreFaults)Volatile.Read(ref _faults) & fault) == 0)
        {
            return;
        }

        lock (_faultGate)
        {
            Volatile.Write(ref _faults, _faults & ~(int)fault);
            if (_faults == 0)
            {
                _metrics.IsAvailable = IsAvailable;
                _logger.StoreWorksAgain(_path);
            }
        }
    }

    // Once a second: what failed is tried again, and the database catches up.
    private void Beat()
    {
        if (!IsAvailable)
        {
            lock (_waiting)
            {
                _retryDue = true;
                Monitor.PulseAll(_waiting);
            }

            if (_journal.NeedsSpare)
            {
                PrepareSegment();
            }
        }

        lock (_gate)
        {
            _metrics.PendingBytes = _recorded - _committed;
        }

        if (Committed > Volatile.Read(ref _moved) || !IsAvailable)
        {
            WakeMover();
        }
    }
}
