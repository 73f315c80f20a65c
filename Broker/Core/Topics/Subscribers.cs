namespace Broker.Core.Topics;

/// <summary>
/// The subscriptions that end at one node: none, one, or a list. A fleet has a filter for each device, so one is what most nodes have. One field,
/// written under the tree's lock, so that readers without it see one or the other.
/// </summary>
internal struct Subscribers
{
    private object? _content;

    /// <summary>True when there is none.</summary>
    public readonly bool IsEmpty => Volatile.Read(in _content) is null;

    /// <summary>The only subscription, or else all slots of the list, which are null where a subscription was removed.</summary>
    public readonly Subscription? Read(out ReadOnlySpan<Subscription?> slots)
    {
        var content = Volatile.Read(in _content);
        slots = content is SubscriberList list ? list.Slots : default;
        return content as Subscription;
    }

    /// <summary>Adds a subscription. Writers only.</summary>
    public void Add(Subscription subscription)
    {
        if (_content is SubscriberList list)
        {
            list.Add(subscription);
            return;
        }

        subscription.Slot = 0;
        Volatile.Write(ref _content, _content is Subscription only ? new SubscriberList(only, subscription) : subscription);
    }

    /// <summary>Puts a subscription in the place of the one it follows. Writers only.</summary>
    public void Replace(Subscription old, Subscription successor)
    {
        if (_content is SubscriberList list)
        {
            list.Replace(old, successor);
            return;
        }

        successor.Slot = old.Slot;
        Volatile.Write(ref _content, successor);
    }

    /// <summary>Removes a subscription. Writers only.</summary>
    public void Remove(Subscription subscription) =>
        Volatile.Write(ref _content, _content is SubscriberList list ? list.Remove(subscription) : null);
}
