using Broker.Core.Ports;

namespace Broker.Storage;

/// <summary>Calls the waiters of one commit, on a thread of the pool.</summary>
internal sealed class WaiterCall(DurableStore store) : IThreadPoolWorkItem
{
    /// <summary>Whom, in the order in which they began to wait.</summary>
    public List<ICommitWaiter> Waiters { get; } = [];

    /// <summary>True when the disk has failed instead.</summary>
    public bool Failed { get; set; }

    /// <inheritdoc />
    public void Execute()
    {
        foreach (var waiter in Waiters)
        {
            if (Failed)
            {
                waiter.OnStoreFailed();
            }
            else
            {
                waiter.OnCommitted(store.Committed);
            }
        }

        Waiters.Clear();
        store.Return(this);
    }
}
