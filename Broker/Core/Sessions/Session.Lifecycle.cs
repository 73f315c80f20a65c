using Broker.Core.Ports;
using Broker.Core.Routing;
using Broker.Core.Timing;
using Broker.Core.Wills;
using Broker.Primitives;

namespace Broker.Core.Sessions;

internal sealed partial class Session
{
    private const int FewSubscriptions = 64;

    /// <summary>
    /// Attaches a connection: CONNACK first, then what is not acknowledged, then the queue [MQTT-4.4.0-1]. False when the session has ended
    /// meanwhile. The connection that was attached before, and the Will that its end releases, come back for the caller to handle.
    /// </summary>
    public bool TryAttach(AttachRequest request, DeliveryLink link, bool present, DeliveryBatch batch, out DeliveryLink? displaced, out Will? released)
    {
        displaced = null;
        released = null;
        lock (this)
        {
            // A session without expiry ends with its connection, which the new one ends before it looks for a session [MQTT-3.1.4-3].
            if (_ended || (_link is not null && _expirySeconds == 0))
            {
                return false;
            }

            displaced = _link;
            if (displaced is not null && _will is { DelaySeconds: 0 })
            {
                released = _will; // [MQTT-3.1.4-3]: the old connection is closed without DISCONNECT 0x00
            }

            _broker.Wheel.Cancel(ref _expiryTimer);
            _broker.Wheel.Cancel(ref _willTimer); // [MQTT-3.1.3-9]
            EndCongestion();
            Adopt(request);
            RecordAttached();
            _link = link;
            _resend = _inflight is { Count: > 0 } ? _inflight.InOrder() : null;
            _resent = 0;
            _active = 0;
            link.OnAttached(this, present);
            batch.Touch(link);
            Continue(link, batch);
        }

        return true;
    }

    /// <summary>A connection has ended. Does nothing when another one has taken its place.</summary>
    public void Detach(DeliveryLink link, bool publishWill)
    {
        Will? released = null;
        List<GroupMessage>? undelivered = null;
        bool ended;
        using var changes = BeginChanges();
        lock (this)
        {
            if (!ReferenceEquals(_link, link))
            {
                return;
            }

            _link = null;
            EndCongestion();
            _will = publishWill ? _will : null; // [MQTT-3.1.2-10]
            ended = _expirySeconds == 0;
            released = ended ? EndLocked(out undelivered) : ScheduleLocked();
        }

        if (ended)
        {
            _broker.Sessions.Forget(this);
            Redeliver(undelivered);
        }

        _broker.PublishWill(Identity, released);
    }

    /// <summary>Ends the session whatever its expiry: a clean start, or an operator. The connection comes back for the caller to close.</summary>
    public DeliveryLink? End()
    {
        Will? released;
        List<GroupMessage>? undelivered;
        DeliveryLink? link;
        using var changes = BeginChanges();
        lock (this)
        {
            if (_ended)
            {
                return null;
            }

            link = _link;
            _link = null;
            EndCongestion();
            released = EndLocked(out undelivered);
        }

        _broker.Sessions.Forget(this);
        Redeliver(undelivered);
        _broker.PublishWill(Identity, released); // [MQTT-3.1.2-8]: the session ends, and with it the Will Delay
        return link;
    }

    /// <summary>Ends the connection, if there is one.</summary>
    public void CloseLink(CloseReason reason) => Volatile.Read(ref _link)?.Close(reason);

    /// <summary>The session has expired [MQTT-3.1.2-23] [MQTT-4.1.0-2].</summary>
    void ITimed.OnTimer()
    {
        Will? released;
        List<GroupMessage>? undelivered;
        using var changes = BeginChanges();
        lock (this)
        {
            if (_ended || _link is not null) // [MQTT-4.1.0-1]
            {
                return;
            }

            released = EndLocked(out undelivered);
        }

        _broker.Metrics.SessionsExpired.Add(0);
        _broker.Sessions.Forget(this);
        Redeliver(undelivered);
        _broker.PublishWill(Identity, released);
    }

    /// <summary>The Will Delay has passed.</summary>
    private void OnWillDue(Will due)
    {
        using var changes = BeginChanges();
        lock (this)
        {
            if (_ended || _link is not null || !ReferenceEquals(_will, due))
            {
                return;
            }

            _will = null;
            _record?.WillPublished();
        }

        _broker.PublishWill(Identity, due);
    }

    // The session stays: its expiry and the Will Delay begin to run. Returns a Will that is due at once.
    private Will? ScheduleLocked()
    {
        ScheduleEnd(elapsed: 0);
        var will = _will; // [MQTT-3.1.1: 3.1.2-12]
        _will = will is { DelaySeconds: 0 } ? null : will;
        _record?.Detached(_expirySeconds, keepWill: _will is not null);
        return will is { DelaySeconds: 0 } ? will : null;
    }

    // Sets the deadlines of a session whose connection ended so many milliseconds ago.
    private void ScheduleEnd(long elapsed)
    {
        if (_expirySeconds != AttachRequest.NeverExpires)
        {
            _expiryTimer = _broker.Wheel.Schedule(this, Math.Max(0, (_expirySeconds * 1000L) - elapsed));
        }

        if (_will is { DelaySeconds: var delay } will && (delay > 0 || elapsed > 0) && delay < _expirySeconds)
        {
            _willTimer = _broker.Wheel.Schedule(new WillDelay(this, will), Math.Max(0, (delay * 1000L) - elapsed));
        }
    }

    private Will? EndLocked(out List<GroupMessage>? undelivered)
    {
        _ended = true;
        _record?.Ended();
        _broker.Wheel.Cancel(ref _expiryTimer);
        _broker.Wheel.Cancel(ref _willTimer);
        if (_subscriptions.Count > FewSubscriptions)
        {
            // Nothing is delivered to an ended session, and whoever ends it has more to do than this.
            ThreadPool.UnsafeQueueUserWorkItem(static session => session.RemoveSubscriptions(), this, preferLocal: false);
        }
        else
        {
            RemoveSubscriptions();
        }

        undelivered = GroupMessages();
        _queue?.End();
        _queue = null;
        _inflight = null;
        _received = null;
        _replay = null;
        var released = _will;
        _will = null;
        return released;
    }

    private void RemoveSubscriptions()
    {
        foreach (var subscription in _subscriptions.All)
        {
            _broker.Subscriptions.Remove(subscription);
        }
    }

    // What other members of shared groups are to get: QoS 1 not acknowledged, and what was never sent. A QoS 2 delivery that has begun is
    // nobody else's [MQTT-4.8.2-5].
    private List<GroupMessage>? GroupMessages()
    {
        List<GroupMessage>? messages = null;
        foreach (var packetId in _inflight?.InOrder() ?? [])
        {
            ref var entry = ref _inflight!.Find(packetId);
            if (entry is { Terms: { Group: { } group, Qos: Qos.AtLeastOnce }, Message: { } sent })
            {
                (messages ??= []).Add(new GroupMessage(sent, group));
            }
        }

        foreach (var queued in _queue?.All ?? [])
        {
            if (queued.Terms.Group is { } group)
            {
                (messages ??= []).Add(new GroupMessage(queued.Message, group));
            }
        }

        return messages;
    }

    private void Redeliver(List<GroupMessage>? undelivered)
    {
        if (undelivered is not null)
        {
            using var batch = DeliveryBatch.Begin(_broker);
            Router.Redeliver(undelivered, this, batch);
        }
    }

    private sealed class WillDelay(Session session, Will will) : ITimed
    {
        public void OnTimer() => session.OnWillDue(will);
    }
}
