using Broker.Core.Ports;

namespace Broker.Storage;

internal sealed partial class DurableStore
{
    // Guards everything below; the writer waits on it.
    private readonly object _waiting = new();
    private readonly Stack<WaiterCall> _idleCalls = [];
    private List<(ICommitWaiter Waiter, long Position)> _waiters = [];
    private List<(ICommitWaiter Waiter, long Position)> _stillWaiting = [];
    private long _wanted;
    private bool _flushDue;
    private bool _retryDue;
    private bool _writeFails;
    private bool _writerStops;

    /// <inheritdoc />
    public void Notify(ICommitWaiter waiter, long position)
    {
        WaiterCall? call = null;
        lock (_waiting)
        {
            if (position <= Committed)
            {
                call = NewCall(failed: false);
                call.Waiters.Add(waiter);
            }
            else
            {
                _waiters.Add((waiter, position));
                Want(position);
                if (_writeFails)
                {
                    call = NewCall(failed: true);
                    call.Waiters.Add(waiter);
                }
            }
        }

        Queue(call);
    }

    /// <summary>A call has been made; it can be used again.</summary>
    internal void Return(WaiterCall call)
    {
        lock (_waiting)
        {
            _idleCalls.Push(call);
        }
    }

    private void Want(long position)
    {
        lock (_waiting)
        {
            if (position > _wanted)
            {
                _wanted = position;
                Monitor.PulseAll(_waiting);
            }
        }
    }

    private void NotifyCommitted()
    {
        WaiterCall? call = null;
        lock (_waiting)
        {
            var committed = Committed;
            _writeFails = false;
            _wanted = Math.Min(_wanted, Volatile.Read(ref _recorded));
            foreach (var (waiter, position) in _waiters)
            {
                if (position <= committed)
                {
                    call ??= NewCall(failed: false);
                    call.Waiters.Add(waiter);
                }
                else
                {
                    _stillWaiting.Add((waiter, position));
                }
            }

            (_waiters, _stillWaiting) = (_stillWaiting, _waiters);
            _stillWaiting.Clear();
        }

        Queue(call);
    }

    private void NotifyFailed()
    {
        WaiterCall? call = null;
        lock (_waiting)
        {
            _writeFails = true;
            foreach (var (waiter, _) in _waiters)
            {
                call ??= NewCall(failed: true);
                call.Waiters.Add(waiter);
            }
        }

        Queue(call);
    }

    private WaiterCall NewCall(bool failed)
    {
        var call = _idleCalls.TryPop(out var idle) ? idle : new WaiterCall(this);
        call.Failed = failed;
        return call;
    }

    private static void Queue(WaiterCall? call)
    {
        if (call is not null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(call, preferLocal: false);
        }
    }

    private void Flush()
    {
        if (Volatile.Read(ref _recorded) > Committed)
        {
            lock (_waiting)
            {
                _flushDue = true;
                Monitor.PulseAll(_waiting);
            }
        }
    }

    // False when the store closes and everything is committed.
    private bool WaitForWork()
    {
        lock (_waiting)
        {
            while (_wanted <= _committed && !_flushDue)
            {
                if (_writerStops)
                {
                    return Volatile.Read(ref _recorded) > _committed;
                }

                Monitor.Wait(_waiting);
            }

            _flushDue = false;
            return true;
        }
    }

    // False when the store closes.
    private bool WaitForRetry()
    {
        lock (_waiting)
        {
            _retryDue = false;
            while (!_retryDue && !_writerStops)
            {
                Monitor.Wait(_waiting);
            }

            return !_writerStops;
        }
    }

    private void StopWriter()
    {
        lock (_waiting)
        {
            _writerStops = true;
            Monitor.PulseAll(_waiting);
        }

        _writer?.Join();
    }
}
