using Broker.Core.Ports;
using Broker.Core.Routing;
using Broker.Core.Topics;
using Broker.Observability;
using Broker.Primitives;

namespace Broker.Core.Sessions;

internal sealed partial class Session
{
    /// <summary>
    /// Subscribes, or replaces the subscription to the same filter [MQTT-3.8.4-3]. Returns true when the options ask for retained messages,
    /// which <see cref="DeliverRetained"/> sends once the subscription is acknowledged.
    /// </summary>
    public bool Subscribe(TopicFilter filter, SubscriptionOptions options, uint identifier)
    {
        Subscription? old;
        lock (this)
        {
            if (_ended)
            {
                return false;
            }

            old = _subscriptions.Find(filter);
            var subscription = new Subscription(this, old?.Filter ?? filter, options, identifier);
            _subscriptions.Put(subscription);
            _broker.Subscriptions.Add(subscription, old);
            if (old is null || !old.IsOn(options, identifier))
            {
                _record?.Subscribed(subscription.Filter, options, identifier);
            }
        }

        // [MQTT-3.8.4-4]
        var send = options.RetainHandling == RetainHandling.Send || (options.RetainHandling == RetainHandling.SendIfNew && old is null);
        return send && !filter.IsShared && _broker.Retained.Count > 0;
    }

    /// <summary>True when the session has this very subscription: to make it again changes nothing.</summary>
    public bool HasSubscription(TopicFilter filter, SubscriptionOptions options, uint identifier)
    {
        lock (this)
        {
            return _subscriptions.Find(filter)?.IsOn(options, identifier) ?? false;
        }
    }

    /// <summary>True when a subscription to the filter replaces one, or is not one above the maximum.</summary>
    public bool HasRoomFor(TopicFilter filter, int maximum)
    {
        lock (this)
        {
            return _subscriptions.Count < maximum || _subscriptions.Find(filter) is not null;
        }
    }

    /// <summary>Ends a subscription; what is queued or in flight stays [MQTT-3.10.4-3]. False when there was none (reason code 0x11).</summary>
    public bool Unsubscribe(TopicFilter filter)
    {
        lock (this)
        {
            if (_ended || _subscriptions.Remove(filter) is not { } removed)
            {
                return false;
            }

            _broker.Subscriptions.Remove(removed); // [MQTT-3.10.4-2]
            _record?.Unsubscribed(filter);
            return true;
        }
    }

    /// <summary>Ends every subscription but the one to this filter.</summary>
    public void UnsubscribeOthers(TopicFilter filter)
    {
        lock (this)
        {
            foreach (var other in _ended ? [] : _subscriptions.All.Where(subscription => !subscription.Filter.Equals(filter)).ToArray())
            {
                _subscriptions.Remove(other.Filter);
                _broker.Subscriptions.Remove(other);
                _record?.Unsubscribed(other.Filter);
            }
        }
    }

    /// <summary>Ends the subscriptions that the access rules do not allow, or not any more, to the client that has or resumes the session.</summary>
    public void DropForbiddenSubscriptions(ClientIdentity client)
    {
        if (_broker.Authorizer.AllowsEverything)
        {
            return;
        }

        Subscription[] stored;
        lock (this)
        {
            stored = [.. _subscriptions.All];
        }

        foreach (var subscription in stored)
        {
            var filter = subscription.Filter;
            if (!_broker.Authorizer.IsAllowed(client, TopicAction.Subscribe, filter.Text, subscription.Options.Qos, retain: false) && Unsubscribe(filter))
            {
                _broker.Log.SubscriptionDropped(client.ClientId, client.Username, filter);
            }
        }
    }

    /// <summary>Delivers the retained messages that match a new subscription [MQTT-3.3.1-9]. Returns how many there are.</summary>
    public int DeliverRetained(TopicFilter filter, SubscriptionOptions options, uint identifier, DeliveryBatch batch)
    {
        List<Message> found = [];
        _broker.Retained.Match(filter, found);
        uint[] identifiers = identifier == 0 ? [] : [identifier];
        foreach (var message in found)
        {
            if (options.NoLocal && message.Publisher == ClientId)
            {
                continue;
            }

            var publication = Publication.Of(message);
            batch.Start(publication);
            var qos = message.Qos < options.Qos ? message.Qos : options.Qos;
            Deliver(publication, new StoredTerms(qos, Retain: true, identifiers), batch); // [MQTT-3.1.1: 3.3.1-8]
        }

        return found.Count;
    }
}
