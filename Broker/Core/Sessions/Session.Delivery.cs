using System.Runtime.CompilerServices;
using Broker.Configuration;
using Broker.Core.Limits;
using Broker.Core.Ports;
using Broker.Core.Routing;
using Broker.Core.Topics;
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
        Deliver(publication, new StoredTerms(qos, retain, target.Identifiers), batch);
    }

    /// <summary>Delivers one publication for which a shared group chose this session. False when the session has ended: the group chooses again.</summary>
    public bool TryDeliver(in Publication publication, Subscription member, SharedGroup group, DeliveryBatch batch)
    {
        var qos = publication.Qos < member.Options.Qos ? publication.Qos : member.Options.Qos; // [MQTT-4.8.2-3]
        var retain = member.Options.RetainAsPublished && publication.Retain;
        return Deliver(publication, new StoredTerms(qos, retain, member.Identifiers, group), batch);
    }

    // A QoS 0 message must not overtake those of its topic that were kept while the client was away [MQTT-4.6.0-5].
    private bool QueuesQos0 => QueuedCount > 0 && _broker.Options.Sessions.QueueQos0;

    // False when the session has ended.
    private bool Deliver(in Publication publication, in StoredTerms terms, DeliveryBatch batch)
    {
        if (batch.ChecksDelivery && !_broker.Authorizer.IsAllowed(Identity, TopicAction.Receive, publication.Topic, terms.Qos, terms.Retain))
        {
            batch.Traffic.Dropped(DropReason.NotAuthorized);
            return true; // also in a shared group: its messages are not to go round among members who may not have them
        }

        lock (this)
        {
            DeliverLocked(publication, terms, batch);
            return !_ended;
        }
    }

    private void DeliverLocked(in Publication publication, in StoredTerms terms, DeliveryBatch batch)
    {
        if (terms.Qos == Qos.AtMostOnce && _link is { } link && !QueuesQos0)
        {
            SendOnce(link, publication, terms, batch);
            batch.Touch(link);
        }
        else if (_ended)
        {
            DropEnded(terms, batch);
        }
        else if (_record is { } record && terms.Qos != Qos.AtMostOnce)
        {
            DeliverRecorded(record, publication, terms, batch);
        }
        else if (!TrySendNow(publication, new QueuedMessage(null!, terms), batch) && HasRoom(publication.Size, terms, mayStayAway: false, batch))
        {
            Enqueue(new QueuedMessage(batch.Keep(publication), terms), batch);
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

    // A shared group chooses again.
    private static void DropEnded(in StoredTerms terms, DeliveryBatch batch)
    {
        if (terms.Group is null)
        {
            batch.Traffic.Dropped(DropReason.Offline);
        }
    }

    // At once, when nothing is before it and the client's window is open [MQTT-4.9.0-2].
    private bool TrySendNow(in Publication publication, in QueuedMessage message, DeliveryBatch batch)
    {
        if (_link is not { } open || message.Terms.Qos == Qos.AtMostOnce || QueuedCount > 0 || _resend is not null || _active >= open.ReceiveMaximum
            || !Send(open, publication, message, batch))
        {
            return false;
        }

        batch.Touch(open);
        return true;
    }

    // Begins a delivery at QoS 1 or 2 [MQTT-4.3.2-2] [MQTT-4.3.3-2]. False when the link is full: the message has to wait.
    private bool Send(DeliveryLink link, in Publication publication, in QueuedMessage message, DeliveryBatch batch)
    {
        var inflight = _inflight ??= new InflightTable();
        ref var entry = ref AddTo(inflight, message.Sequence);
        if (Unsafe.IsNullRef(ref entry))
        {
            return false;
        }

        var terms = message.Terms;
        entry.IsStored = message.IsStored;
        var outcome = link.AppendPublish(
            publication,
            new DeliveryTerms
            {
                Qos = terms.Qos,
                Retain = terms.Retain,
                Duplicate = message.IsStored && IsRedelivery,
                PacketId = entry.PacketId,
                SubscriptionIdentifiers = terms.Identifiers,
            },
            batch);
        if (outcome == AppendOutcome.TooLarge)
        {
            Forget(ref entry);
            batch.Traffic.Dropped(DropReason.TooLarge); // [MQTT-3.1.2-25]: as if it were complete
            return true;
        }

        if (outcome != AppendOutcome.Appended)
        {
            inflight.Remove(ref entry);
            return false;
        }

        CountRedelivery(message);
        entry.Message = batch.Keep(publication);
        entry.Terms = terms;
        _active++;
        batch.Traffic.MessageSent(BrokerMetrics.ProtocolIndex(link.Protocol), (int)terms.Qos, publication.Payload.Length);
        return true;
    }

    private void Enqueue(in QueuedMessage message, DeliveryBatch batch)
    {
        (_queue ??= new MessageQueue(_broker.Queues)).Enqueue(message); // [MQTT-4.5.0-1]
        if (IsCongested)
        {
            batch.Congested = this;
        }
    }

    // Makes room in the queue as the options say; false when the message has to be dropped.
    private bool HasRoom(int size, in StoredTerms terms, bool mayStayAway, DeliveryBatch batch)
    {
        if (_link is null && (_expirySeconds == 0 || (terms.Qos == Qos.AtMostOnce && !_broker.Options.Sessions.QueueQos0)))
        {
            batch.Traffic.Dropped(DropReason.Offline);
            return false;
        }

        while (LackOfRoom(size, mayStayAway) is { } lack)
        {
            if (_queue is not null && DropExpired(_queue, batch))
            {
                continue;
            }

            var made = MakeRoom(terms.Qos);
            batch.Traffic.Dropped(lack, Math.Max(1, made));
            if (made == 0)
            {
                return false;
            }
        }

        return true;
    }

    // Why a message cannot be queued; null when it can.
    private DropReason? LackOfRoom(int size, bool mayStayAway)
    {
        var (count, bytes) = _queue is { } queue ? (queue.Count, queue.Bytes + size) : (0, size);
        if (count >= _maximumQueued || bytes > _maximumQueuedBytes || (_broker.Memory.IsShort && bytes > MemoryGuard.BigQueueBytes))
        {
            return DropReason.QueueFull;
        }

        var most = _broker.Options.Sessions.MaximumTotalQueuedBytes;
        return (most > 0 && _broker.Queues.Bytes + size > most) || (!mayStayAway && ExceedsMemory(size)) ? DropReason.AllQueuesFull : null;
    }

    // Drops what may be dropped for a message of a QoS; says how many.
    private int MakeRoom(Qos qos)
    {
        switch (_broker.Options.Sessions.QueueFullPolicy)
        {
            case QueueFullPolicy.DropOldest when _queue is { InMemory: > 0 }:
                Discard(_queue);
                ReadOn(_queue);
                return 1;
            case QueueFullPolicy.DropQos0First when qos != Qos.AtMostOnce:
                return _queue?.DropQos0() ?? 0;
            default:
                return 0;
        }
    }

    // Messages at the head that nobody will get any more make room for those that come [MQTT-3.3.2-5].
    private bool DropExpired(MessageQueue queue, DeliveryBatch batch)
    {
        if (!queue.TryPeek(out var oldest) || oldest.Message.ExpiresAt > batch.Now)
        {
            return false;
        }

        Discard(queue);
        batch.Traffic.Dropped(DropReason.Expired);
        return true;
    }

    // The oldest message will not be sent.
    private void Discard(MessageQueue queue)
    {
        var dropped = queue.Dequeue();
        if (dropped.IsStored)
        {
            _record!.Removed(dropped.Sequence);
        }
    }

    // Fills the client's window: first what an earlier connection left unacknowledged, then the queue, each in its order [MQTT-4.6.0-5], then
    // retained messages.
    private void Pump(DeliveryLink link, DeliveryBatch batch)
    {
        PumpQueue(link, batch);
        Replay(link, batch);
    }

    private void PumpQueue(DeliveryLink link, DeliveryBatch batch)
    {
        if (_record is { IsHeld: true } || !Resend(link, batch) || _queue is not { } queue)
        {
            return;
        }

        while (queue.TryPeek(out var next) && (_active < link.ReceiveMaximum || next.Terms.Qos == Qos.AtMostOnce))
        {
            if (DropExpired(queue, batch))
            {
                continue;
            }

            if (!MaySend(next) || !SendQueued(link, next, batch))
            {
                return;
            }

            queue.Dequeue();
        }

        ReadOn(queue);
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
        if (next.Terms.Qos != Qos.AtMostOnce)
        {
            return Send(link, publication, next, batch);
        }

        SendOnce(link, publication, next.Terms, batch);
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
            if (Unsafe.IsNullRef(ref entry))
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

    // PUBREL waits for no window [MQTT-3.3.4-10]: what stands behind a full one goes at once.
    private void ReleaseWaiting(DeliveryLink link)
    {
        if (_resend is not { } pending)
        {
            return;
        }

        var rest = new List<ushort>();
        foreach (var packetId in pending.AsSpan(_resent))
        {
            ref var entry = ref _inflight!.Find(packetId);
            if (Unsafe.IsNullRef(ref entry) || entry.State != InflightState.Released)
            {
                rest.Add(packetId);
                continue;
            }

            link.AppendRelease(packetId);
            _active++;
        }

        _resend = rest.Count == 0 ? null : [.. rest];
        _resent = 0;
    }

    private bool Resend(DeliveryLink link, ref InflightEntry entry, DeliveryBatch batch)
    {
        if (entry.State == InflightState.Released)
        {
            link.AppendRelease(entry.PacketId); // [MQTT-4.8.2-4]
            _active++;
            return true;
        }

        // At QoS 2 the client may have it already, and only the rest of the exchange tells it that the identifier is free [MQTT-4.3.3-7].
        if (entry.Message!.ExpiresAt <= batch.Now && entry.Terms.Qos == Qos.AtLeastOnce)
        {
            batch.Traffic.Dropped(DropReason.Expired);
            Forget(ref entry);
            return true;
        }

        var publication = Publication.Of(entry.Message);
        batch.Start(publication);
        var terms = new DeliveryTerms
        {
            Qos = entry.Terms.Qos,
            Retain = entry.Terms.Retain,
            Duplicate = true, // [MQTT-3.3.1-1]
            PacketId = entry.PacketId,
            SubscriptionIdentifiers = entry.Terms.Identifiers,
        };
        var outcome = link.AppendPublish(publication, terms, batch);
        if (outcome == AppendOutcome.TooLarge)
        {
            batch.Traffic.Dropped(DropReason.TooLarge);
            Forget(ref entry);
            return true;
        }

        _active += outcome == AppendOutcome.Appended ? 1 : 0;
        return outcome == AppendOutcome.Appended;
    }

    // A delivery at QoS 0: what cannot leave now is dropped.
    private static void SendOnce(DeliveryLink link, in Publication publication, in StoredTerms terms, DeliveryBatch batch)
    {
        var delivery = new DeliveryTerms { Retain = terms.Retain, SubscriptionIdentifiers = terms.Identifiers };
        switch (link.AppendPublish(publication, delivery, batch))
        {
            case AppendOutcome.Appended:
                batch.Traffic.MessageSent(BrokerMetrics.ProtocolIndex(link.Protocol), (int)Qos.AtMostOnce, publication.Payload.Length);
                break;
            case AppendOutcome.TooLarge:
                batch.Traffic.Dropped(DropReason.TooLarge);
                break;
            default:
                batch.Traffic.Dropped(DropReason.SlowConsumer);
                break;
        }
    }
}
