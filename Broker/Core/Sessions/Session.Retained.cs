using Broker.Core.Ports;
using Broker.Core.Routing;
using Broker.Primitives;

namespace Broker.Core.Sessions;

internal sealed partial class Session
{
    // Messages of a turn; reading on without finding one counts too.
    private const int MessagesPerTurn = 1024;
    private const int MessagesPerRead = 32;

    // Retained messages wait in the tree, not in the queue.
    private const int MostReplayedIntoQueue = 512;

    private RetainedReplay? _replay;

    /// <summary>
    /// Begins to deliver the retained messages that match new subscriptions [MQTT-3.3.1-9]; those that there is no room for follow as the client takes
    /// them.
    /// </summary>
    public void DeliverRetained(IEnumerable<TopicFilter> filters, DeliveryBatch batch)
    {
        lock (this)
        {
            if (_link is not { } link)
            {
                return;
            }

            foreach (var filter in filters)
            {
                if (_subscriptions.Find(filter) is { } subscription)
                {
                    (_replay ??= new RetainedReplay(this)).Add(new RetainedDelivery(subscription, _broker.Retained));
                }
            }

            Replay(link, batch);
        }
    }

    /// <summary>The next turn of a replay.</summary>
    internal void OnReplayTurn(RetainedReplay replay)
    {
        using var batch = DeliveryBatch.Begin(_broker);
        lock (this)
        {
            replay.IsTurnDue = false;
            if (_link is { } link && ReferenceEquals(_replay, replay))
            {
                Replay(link, batch);
            }
        }
    }

    private void Replay(DeliveryLink link, DeliveryBatch batch)
    {
        if (_replay is not { IsTurnDue: false } replay)
        {
            return;
        }

        for (var left = MessagesPerTurn; replay.Current is { } delivery;)
        {
            // A subscription that has ended or was replaced meanwhile gets no more [MQTT-3.10.4-2].
            if (delivery.IsDone || !ReferenceEquals(_subscriptions.Find(delivery.Subscription.Filter), delivery.Subscription))
            {
                replay.EndCurrent();
            }
            else if (left <= 0)
            {
                replay.ScheduleTurn();
                return;
            }
            else if (!TryReplay(link, delivery, ref left, batch))
            {
                return;
            }
        }

        _replay = null;
    }

    // Delivers what has been read. False while the client has to take something first, which continues the replay.
    private bool TryReplay(DeliveryLink link, RetainedDelivery delivery, ref int left, DeliveryBatch batch)
    {
        for (; delivery.Next(batch.Now) is { } message; left--)
        {
            if (!HasRoomToReplay(link))
            {
                return false;
            }

            Replay(message, delivery, batch);
            delivery.Advance();
        }

        delivery.ReadOn();
        left -= MessagesPerRead;
        return true;
    }

    private bool HasRoomToReplay(DeliveryLink link)
    {
        if (!link.HasRoomForMore())
        {
            return false;
        }

        return _queue is { Count: > 0 } queue
            ? queue.Count < Math.Min(MostReplayedIntoQueue, _maximumQueued / 2) && queue.Bytes < _maximumQueuedBytes / 2
            : _active < link.ReceiveMaximum;
    }

    private void Replay(Message message, RetainedDelivery delivery, DeliveryBatch batch)
    {
        var options = delivery.Subscription.Options;
        var qos = message.Qos < options.Qos ? message.Qos : options.Qos;
        if (options.NoLocal && message.Publisher == ClientId)
        {
            return;
        }

        if (batch.ChecksDelivery && !_broker.Authorizer.IsAllowed(Identity, TopicAction.Receive, message.Topic.Span, qos, retain: true))
        {
            batch.Traffic.Dropped(Observability.DropReason.NotAuthorized);
            return;
        }

        var publication = Publication.Of(message);
        batch.Start(publication);
        DeliverLocked(publication, new StoredTerms(qos, Retain: true, delivery.Subscription.Identifiers), batch); // [MQTT-3.1.1: 3.3.1-8]
    }
}
