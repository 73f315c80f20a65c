namespace Broker.Core.Sessions;

/// <summary>
/// The retained messages that a session's new subscriptions still have to get, subscription by subscription. They go in turns, so that a million of them
/// hold up neither the loop that received the SUBSCRIBE nor the session. The session's lock guards it.
/// </summary>
internal sealed class RetainedReplay(Session session) : IThreadPoolWorkItem
{
    private readonly Queue<RetainedDelivery> _deliveries = new();

    /// <summary>True while the next turn is on its way: nobody else takes it.</summary>
    public bool IsTurnDue { get; set; }

    /// <summary>The delivery that goes on; null when all are done.</summary>
    public RetainedDelivery? Current => _deliveries.TryPeek(out var current) ? current : null;

    /// <summary>A subscription has been made.</summary>
    public void Add(RetainedDelivery delivery) => _deliveries.Enqueue(delivery);

    /// <summary>The current delivery is over.</summary>
    public void EndCurrent() => _deliveries.Dequeue();

    /// <summary>Lets others have their turn before the next one.</summary>
    public void ScheduleTurn()
    {
        IsTurnDue = true;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <inheritdoc />
    void IThreadPoolWorkItem.Execute() => session.OnReplayTurn(this);
}
