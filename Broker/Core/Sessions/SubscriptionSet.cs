using Broker.Core.Topics;
using Broker.Primitives;

namespace Broker.Core.Sessions;

/// <summary>
/// The subscriptions of one session: itself while there is only one, which is what most devices have, an array while they are few, a dictionary
/// when they are many. The session's lock guards it.
/// </summary>
internal struct SubscriptionSet
{
    private const int FewAtMost = 8;

    // null, Subscription, Subscription[] or Dictionary<TopicFilter, Subscription>
    private object? _content;

    /// <summary>Subscriptions in the set.</summary>
    public readonly int Count => _content switch
    {
        null => 0,
        Subscription[] few => few.Length,
        Dictionary<TopicFilter, Subscription> many => many.Count,
        _ => 1,
    };

    /// <summary>All subscriptions.</summary>
    public readonly IEnumerable<Subscription> All => _content switch
    {
        null => [],
        Subscription[] few => few,
        Dictionary<TopicFilter, Subscription> many => many.Values,
        var only => [(Subscription)only],
    };

    /// <summary>The subscription to a filter, or null.</summary>
    public readonly Subscription? Find(TopicFilter filter)
    {
        switch (_content)
        {
            case null:
                return null;
            case Subscription only:
                return only.Filter.Equals(filter) ? only : null;
            case Subscription[] few:
                var index = IndexOf(few, filter);
                return index < 0 ? null : few[index];
            default:
                return ((Dictionary<TopicFilter, Subscription>)_content).GetValueOrDefault(filter);
        }
    }

    /// <summary>Adds a subscription or replaces the one to the same filter.</summary>
    public void Put(Subscription subscription)
    {
        switch (_content)
        {
            case Dictionary<TopicFilter, Subscription> many:
                many[subscription.Filter] = subscription;
                break;
            case Subscription[] few:
                Put(few, subscription);
                break;
            case Subscription only when !only.Filter.Equals(subscription.Filter):
                _content = new[] { only, subscription };
                break;
            default:
                _content = subscription;
                break;
        }
    }

    /// <summary>Removes a subscription; null when there was none.</summary>
    public Subscription? Remove(TopicFilter filter)
    {
        var found = Find(filter);
        if (found is not null)
        {
            switch (_content)
            {
                case Dictionary<TopicFilter, Subscription> many:
                    many.Remove(filter);
                    break;
                case Subscription[] few:
                    _content = few.Where(other => !ReferenceEquals(other, found)).ToArray();
                    break;
                default:
                    _content = null;
                    break;
            }
        }

        return found;
    }

    private static int IndexOf(Subscription[] few, TopicFilter filter)
    {
        for (var index = 0; index < few.Length; index++)
        {
            if (few[index].Filter.Equals(filter))
            {
                return index;
            }
        }

        return -1;
    }

    private void Put(Subscription[] few, Subscription subscription)
    {
        var index = IndexOf(few, subscription.Filter);
        if (index >= 0)
        {
            few[index] = subscription;
        }
        else if (few.Length < FewAtMost)
        {
            _content = (Subscription[])[.. few, subscription];
        }
        else
        {
            var many = few.ToDictionary(static other => other.Filter);
            many.Add(subscription.Filter, subscription);
            _content = many;
        }
    }
}
