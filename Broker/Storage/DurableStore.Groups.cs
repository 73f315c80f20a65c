namespace Broker.Storage;

internal sealed partial class DurableStore
{
    // How many groups this thread is in: a group within a group is part of it.
    [ThreadStatic]
    private static int t_groupDepth;

    private int _openGroups;
    private bool _swapping;

    /// <inheritdoc />
    public void BeginGroup()
    {
        if (t_groupDepth++ > 0)
        {
            return;
        }

        lock (_gate)
        {
            while (_swapping)
            {
                Monitor.Wait(_gate);
            }

            _openGroups++;
        }
    }

    /// <inheritdoc />
    public void EndGroup()
    {
        if (--t_groupDepth > 0)
        {
            return;
        }

        lock (_gate)
        {
            if (--_openGroups == 0 && _swapping)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    // Takes what is recorded away to be written. No group is open then, so that none is torn apart; new ones wait, and all end soon.
    private long TakeRecorded()
    {
        lock (_gate)
        {
            _swapping = true;
            while (_openGroups > 0)
            {
                Monitor.Wait(_gate);
            }

            (_recording, _writing) = (_writing, _recording);
            _taken = _recorded;
            _firstSharedKeyOfFrame = _lastSharedKey + 1;
            _swapping = false;
            Monitor.PulseAll(_gate);
            return _taken;
        }
    }
}
