using Broker.Core.Ports;
using Broker.Core.Routing;
using Broker.Core.Timing;
using Broker.Core.Wills;
using Broker.Primitives;

namespace Broker.Core.Sessions;

internal sealed partial class Session
{
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
            if (_ended)
            {
                return false;
            }

            displaced = _link;
            if (displaced is not null && _will is { DelaySeconds: 0 })
            {
                released = _will; // [MQTT-3.1.4-3]: the old connection is closed without DISCONNECT 0x00
            }

            _broker.Wheel.Cancel(ref _expiryTimer);
            _broker.Wheel.Cancel(ref _willTimer);
            Adopt(request);
            _link = link;
            _resend = _inflight is { Count: > 0 } ? _inflight.InOrder() : null;
            _resent = 0;
            _active = 0;
            link.OnAttached(this, present);
            batch.Touch(link);
            Pump(link, batch);
        }

        return true;
    }

    /// <summary>A connection has ended. Does nothing when another one has taken its place.</summary>
    public void Detach(DeliveryLink link, bool publishWill)
    {
        Will? released = null;
        bool ended;
        lock (this)
        {
            if (!ReferenceEquals(_link, link))
            {
                return;
            }

            _link = null;
            _will = publishWill ? _will : null; // [MQTT-3.1.2-10]
            ended = _expirySeconds == 0;
            if (ended)
            {
                released = EndLocked();
            }
            else
            {
                released = ScheduleLocked();
            }
        }

        if (ended)
        {
            _broker.Sessions.Forget(this);
        }

        _broker.PublishWill(Identity, released);
    }

    /// <summary>Ends the session whatever its expiry: a clean start, or an operator. The connection comes back for the caller to close.</summary>
    public DeliveryLink? End()
    {
        Will? released;
        DeliveryLink? link;
        lock (this)
        {
            if (_ended)
            {
                return null;
            }

            link = _link;
            _link = null;
            released = EndLocked();
        }

        _broker.Sessions.Forget(this);
        _broker.PublishWill(Identity, released); // [MQTT-3.1.2-8]: the session ends, and with it the Will Delay
        return link;
    }

    /// <summary>Ends the connection, if there is one.</summary>
    public void CloseLink(CloseReason reason) => Volatile.Read(ref _link)?.Close(reason);

    /// <summary>The session has expired [MQTT-3.1.2-23].</summary>
    void ITimed.OnTimer()
    {
        Will? released;
        lock (this)
        {
            if (_ended || _link is not null)
            {
                return;
            }

            released = EndLocked();
        }

        _broker.Sessions.Forget(this);
        _broker.PublishWill(Identity, released);
    }

    /// <summary>The Will Delay has passed.</summary>
    private void OnWillDue(Will due)
    {
        lock (this)
        {
            if (_ended || _link is not null || !ReferenceEquals(_will, due))
            {
                return;
            }

            _will = null;
        }

        _broker.PublishWill(Identity, due);
    }

    // The session stays: its expiry and the Will Delay begin to run. Returns a Will that is due at once.
    private Will? ScheduleLocked()
    {
        if (_expirySeconds != AttachRequest.NeverExpires)
        {
            _expiryTimer = _broker.Wheel.Schedule(this, _expirySeconds * 1000L);
        }

        if (_will is not { } will)
        {
            return null;
        }

        if (will.DelaySeconds == 0)
        {
            _will = null;
            return will;
        }

        if (will.DelaySeconds < _expirySeconds)
        {
            _willTimer = _broker.Wheel.Schedule(new WillDelay(this, will), will.DelaySeconds * 1000L);
        }

        return null;
    }

    private Will? EndLocked()
    {
        _ended = true;
        _broker.Wheel.Cancel(ref _expiryTimer);
        _broker.Wheel.Cancel(ref _willTimer);
        foreach (var subscription in _subscriptions.All)
        {
            _broker.Subscriptions.Remove(subscription);
        }

        _broker.Metrics.QueuedMessages.Add(0, -QueuedCount);
        _queue = null;
        _inflight = null;
        _received = null;
        var released = _will;
        _will = null;
        return released;
    }

    private sealed class WillDelay(Session session, Will will) : ITimed
    {
        public void OnTimer() => session.OnWillDue(will);
    }
}
