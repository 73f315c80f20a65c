using Broker.Core.Topics;
using Broker.Primitives;

namespace Broker.Core.Sessions;

/// <summary>The subscriptions of one session: an array while they are few, which is what devices have, a dictionary when they are many.</summary>
internal sealed class SubscriptionSet
{
    private const int FewAtMost = 8;

    private Subscription[] _few = [];
    private Dictionary<TopicFilter, Subscription>? _many;

    /// <summary>Subscriptions in the set.</summary>
    public int Count => _many?.Count ?? _few.Length;

    /// <summary>All subscriptions.</summary>
    public IEnumerable<Subscription> All => _many is null ? _few : _many.Values;

    /// <summary>The subscription to a filter, or null.</summary>
    public Subscription? Find(TopicFilter filter) => _many is null
        ? Array.Find(_few, subscription => subscription.Filter.Equals(filter))
        : _many.GetValueOrDefault(filter);

    /// <summary>Adds a subscription or replaces the one to the same filter.</summary>
    public void Put(Subscription subscription)
    {
        if (_many is not null)
        {
            _many[subscription.Filter] = subscription;
            return;
        }

        var index = Array.FindIndex(_few, other => other.Filter.Equals(subscription.Filter));
        if (index >= 0)
        {
            _few[index] = subscription;
        }
        else if (_few.Length < FewAtMost)
        {
            _few = [.. _few, subscription];
        }
        else
        {
            _many = _few.ToDictionary(static other => other.Filter);
            _many.Add(subscription.Filter, subscription);
            _few = [];
        }
    }

    /// <summary>Removes a subscription; null when there was none.</summary>
    public Subscription? Remove(TopicFilter filter)
    {
        if (_many is not null)
        {
            return _many.Remove(filter, out var removed) ? removed : null;
        }

        var found = Find(filter);
        if (found is not null)
        {
            _few = [.. _few.Where(other => !ReferenceEquals(other, found))];
        }

        return found;
    }
}
