using Broker.Configuration;
using Broker.Core.Ports;
using Broker.Core.Routing;
using Broker.Observability;
using Broker.Primitives;

namespace Broker.Core.Sessions;

internal sealed partial class Session
{
    /// <summary>Value of <see cref="Readiness"/> for a session that can send at once.</summary>
    public const int FullyReady = 3;

    /// <summary>How fit the session is to take a message of a shared group: 3 at once, 2 connected with a full window, 1 offline but kept, 0 not.</summary>
    public int Readiness
    {
        get
        {
            if (Volatile.Read(ref _link) is { } link)
            {
                return QueuedCount == 0 && _active < link.ReceiveMaximum ? FullyReady : 2;
            }

            return _ended || _expirySeconds == 0 ? 0 : 1;
        }
    }

    /// <summary>Delivers one publication that the session's subscriptions match.</summary>
    public void Deliver(in Publication publication, in Target target, DeliveryBatch batch)
    {
        var qos = publication.Qos < target.Qos ? publication.Qos : target.Qos;
        var retain = target.RetainAsPublished && publication.Retain; // [MQTT-3.3.1-12] [MQTT-3.3.1-13]
        Deliver(publication, qos, retain, target.Identifiers, batch);
    }

    /// <summary>Delivers one publication on given terms.</summary>
    public void Deliver(in Publication publication, Qos qos, bool retain, uint[] identifiers, DeliveryBatch batch)
    {
        lock (this)
        {
            if (qos == Qos.AtMostOnce && _link is { } link)
            {
                var terms = new DeliveryTerms { Retain = retain, SubscriptionIdentifiers = identifiers };
                Count(link.AppendPublish(publication, terms, batch), qos, link, batch);
                batch.Touch(link);
            }
            else if (_link is { } open && QueuedCount == 0 && _resend is null && _active < open.ReceiveMaximum
                && Send(open, publication, new QueuedTerms(qos, retain, identifiers), batch))
            {
                batch.Touch(open);
            }
            else
            {
                Enqueue(publication, qos, retain, identifiers, batch);
            }
        }
    }

    /// <summary>The link has room again after it was full.</summary>
    public void OnDrained(DeliveryLink link, DeliveryBatch batch)
    {
        lock (this)
        {
            if (ReferenceEquals(_link, link))
            {
                Pump(link, batch);
            }
        }
    }

    /// <summary>Gives back memory that a past peak needed.</summary>
    public void Trim()
    {
        lock (this)
        {
            _queue?.Trim();
        }
    }

    // Begins a delivery at QoS 1 or 2. False when the link is full: the message has to wait.
    private bool Send(DeliveryLink link, in Publication publication, in QueuedTerms terms, DeliveryBatch batch)
    {
        var inflight = _inflight ??= new InflightTable();
        ref var entry = ref inflight.Add();
        var outcome = link.AppendPublish(
            publication,
            new DeliveryTerms { Qos = terms.Qos, Retain = terms.Retain, PacketId = entry.PacketId, SubscriptionIdentifiers = terms.Identifiers },
            batch);
        if (outcome != AppendOutcome.Appended)
        {
            inflight.Remove(ref entry);
            if (outcome == AppendOutcome.TooLarge)
            {
                batch.Traffic.Dropped(DropReason.TooLarge); // [MQTT-3.1.2-25]: as if it were complete
            }

            return outcome == AppendOutcome.TooLarge;
        }

        entry.Message = batch.Keep(publication);
        entry.Qos = terms.Qos;
        entry.Retain = terms.Retain;
        entry.Identifiers = terms.Identifiers;
        _active++;
        batch.Traffic.MessageSent(BrokerMetrics.ProtocolIndex(link.Protocol), (int)terms.Qos);
        return true;
    }

    private void Enqueue(in Publication publication, Qos qos, bool retain, uint[] identifiers, DeliveryBatch batch)
    {
        if (_ended || (_link is null && (_expirySeconds == 0 || (qos == Qos.AtMostOnce && !_broker.Options.Sessions.QueueQos0))))
        {
            batch.Traffic.Dropped(DropReason.Offline);
            return;
        }

        var queue = _queue ??= new MessageQueue();
        var message = batch.Keep(publication);
        while (queue.Count >= _maximumQueued || queue.Bytes + message.Size > _broker.Options.Sessions.MaximumQueuedBytes)
        {
            batch.Traffic.Dropped(DropReason.QueueFull);
            if (queue.Count == 0 || _broker.Options.Sessions.QueueFullPolicy == QueueFullPolicy.RejectNewest)
            {
                return;
            }

            queue.Dequeue();
            _broker.Metrics.QueuedMessages.Add(0, -1);
        }

        queue.Enqueue(new QueuedMessage(message, qos, retain, identifiers));
        _broker.Metrics.QueuedMessages.Add(0);
    }

    // Fills the client's window: first what an earlier connection left unacknowledged, then the queue.
    private void Pump(DeliveryLink link, DeliveryBatch batch)
    {
        if (!Resend(link, batch) || _queue is not { } queue)
        {
            return;
        }

        while (queue.TryPeek(out var next) && (_active < link.ReceiveMaximum || next.Qos == Qos.AtMostOnce))
        {
            if (next.Message.ExpiresAt <= batch.Now)
            {
                batch.Traffic.Dropped(DropReason.Expired);
            }
            else if (!SendQueued(link, next, batch))
            {
                return;
            }

            queue.Dequeue();
            _broker.Metrics.QueuedMessages.Add(0, -1);
        }

        if (queue.Count == 0)
        {
            _queue = null;
        }
    }

    private bool SendQueued(DeliveryLink link, in QueuedMessage next, DeliveryBatch batch)
    {
        var publication = Publication.Of(next.Message);
        batch.Start(publication);
        batch.Touch(link);
        if (next.Qos != Qos.AtMostOnce)
        {
            return Send(link, publication, new QueuedTerms(next.Qos, next.Retain, next.Identifiers), batch);
        }

        var terms = new DeliveryTerms { Retain = next.Retain, SubscriptionIdentifiers = next.Identifiers };
        Count(link.AppendPublish(publication, terms, batch), next.Qos, link, batch);
        return true;
    }

    // True when everything that an earlier connection left unacknowledged is on its way again.
    private bool Resend(DeliveryLink link, DeliveryBatch batch)
    {
        for (; _resend is { } pending && _active < link.ReceiveMaximum; _resent++)
        {
            if (_resent == pending.Length)
            {
                _resend = null;
                break;
            }

            ref var entry = ref _inflight!.Find(pending[_resent]);
            if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref entry))
            {
                continue;
            }

            if (!Resend(link, ref entry, batch))
            {
                return false;
            }
        }

        return _resend is null;
    }

    private bool Resend(DeliveryLink link, ref InflightEntry entry, DeliveryBatch batch)
    {
        if (entry.State == InflightState.Released)
        {
            link.AppendRelease(entry.PacketId);
            _active++;
            return true;
        }

        var publication = Publication.Of(entry.Message!);
        batch.Start(publication);
        var terms = new DeliveryTerms
        {
            Qos = entry.Qos,
            Retain = entry.Retain,
            Duplicate = true, // [MQTT-3.3.1-1]
            PacketId = entry.PacketId,
            SubscriptionIdentifiers = entry.Identifiers,
        };
        var outcome = link.AppendPublish(publication, terms, batch);
        if (outcome == AppendOutcome.TooLarge)
        {
            batch.Traffic.Dropped(DropReason.TooLarge);
            _inflight!.Remove(ref entry);
            return true;
        }

        _active += outcome == AppendOutcome.Appended ? 1 : 0;
        return outcome == AppendOutcome.Appended;
    }

    private static void Count(AppendOutcome outcome, Qos qos, DeliveryLink link, DeliveryBatch batch)
    {
        switch (outcome)
        {
            case AppendOutcome.Appended:
                batch.Traffic.MessageSent(BrokerMetrics.ProtocolIndex(link.Protocol), (int)qos);
                break;
            case AppendOutcome.TooLarge:
                batch.Traffic.Dropped(DropReason.TooLarge);
                break;
            default:
                batch.Traffic.Dropped(DropReason.SlowConsumer);
                break;
        }
    }

    private readonly record struct QueuedTerms(Qos Qos, bool Retain, uint[] Identifiers);
}
