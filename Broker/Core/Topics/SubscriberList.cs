namespace Broker.Core.Topics;

/// <summary>
/// Several subscriptions that end at one node. One writer (the tree's lock) appends, replaces and removes in O(1) while readers walk it without a
/// lock; holes are skipped, and squeezed out by copying once they are the majority.
/// </summary>
internal sealed class SubscriberList
{
    private Subscription?[] _items;
    private int _end;

    public SubscriberList(Subscription first, Subscription second)
        : this([first, second], 2)
    {
        first.Slot = 0;
        second.Slot = 1;
    }

    private SubscriberList(Subscription?[] items, int count)
    {
        _items = items;
        _end = count;
        Count = count;
    }

    /// <summary>Subscriptions in the list.</summary>
    public int Count { get; private set; }

    /// <summary>All slots; null where a subscription was removed.</summary>
    public ReadOnlySpan<Subscription?> Slots
    {
        get
        {
            var end = Volatile.Read(ref _end);
            var items = Volatile.Read(ref _items);
            return items.AsSpan(0, Math.Min(end, items.Length));
        }
    }

    /// <summary>Appends a subscription.</summary>
    public void Add(Subscription subscription)
    {
        if (_end == _items.Length)
        {
            var larger = new Subscription?[_items.Length * 2];
            _items.CopyTo(larger, 0);
            Volatile.Write(ref _items, larger);
        }

        subscription.Slot = _end;
        Volatile.Write(ref _items[_end], subscription);
        Volatile.Write(ref _end, _end + 1);
        Count++;
    }

    /// <summary>Puts a subscription in the place of the one it follows.</summary>
    public void Replace(Subscription old, Subscription successor)
    {
        successor.Slot = old.Slot;
        Volatile.Write(ref _items[old.Slot], successor);
    }

    /// <summary>Removes a subscription. Returns the list that takes this one's place: null when it is empty, a copy when it has become sparse.</summary>
    public SubscriberList? Remove(Subscription subscription)
    {
        Volatile.Write(ref _items[subscription.Slot], null);
        Count--;
        if (Count == 0)
        {
            return null;
        }

        return _end > 16 && Count < _end / 2 ? Squeeze() : this;
    }

    private SubscriberList Squeeze()
    {
        var items = new Subscription?[Count];
        var next = 0;
        foreach (var item in _items.AsSpan(0, _end))
        {
            if (item is not null)
            {
                item.Slot = next;
                items[next++] = item;
            }
        }

        return new SubscriberList(items, next);
    }
}
