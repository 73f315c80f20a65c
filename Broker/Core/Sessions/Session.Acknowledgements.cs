using System.Runtime.CompilerServices;
using Broker.Core.Ports;
using Broker.Core.Routing;
using Broker.Primitives;

namespace Broker.Core.Sessions;

internal sealed partial class Session
{
    /// <summary>True while a QoS 2 publish with this identifier has been received and its PUBREL has not come.</summary>
    public bool IsReceiving(ushort packetId)
    {
        if (_received is not { Count: > 0 })
        {
            return false; // only the connection that asks adds to the set
        }

        lock (this)
        {
            return _received?.Contains(packetId) ?? false;
        }
    }

    /// <summary>PUBACK: a QoS 1 delivery is complete. False when the identifier is not in use.</summary>
    public bool Acknowledge(DeliveryLink link, ushort packetId, DeliveryBatch batch) => Complete(link, packetId, Qos.AtLeastOnce, batch);

    /// <summary>PUBCOMP, or PUBREC with an error: a QoS 2 delivery is over.</summary>
    public bool Complete(DeliveryLink link, ushort packetId, DeliveryBatch batch) => Complete(link, packetId, Qos.ExactlyOnce, batch);

    /// <summary>PUBREC: the client has the message, which is released [MQTT-4.3.3-4]. False when the identifier is not in use.</summary>
    public bool Release(DeliveryLink link, ushort packetId)
    {
        lock (this)
        {
            if (!ReferenceEquals(_link, link) || _inflight is null)
            {
                return false;
            }

            ref var entry = ref _inflight.Find(packetId);
            if (Unsafe.IsNullRef(ref entry) || entry.Terms.Qos != Qos.ExactlyOnce)
            {
                return false;
            }

            entry.State = InflightState.Released; // [MQTT-4.3.3-5]
            entry.Message = null; // [MQTT-4.3.3-6]: never sent again
            return true;
        }
    }

    /// <summary>A QoS 2 publish arrives. False when its identifier is in use: a repeat that must not be delivered again [MQTT-4.3.3-10].</summary>
    public bool TryReceive(ushort packetId)
    {
        lock (this)
        {
            return (_received ??= []).Add(packetId);
        }
    }

    /// <summary>PUBREL: the identifier is free again. False when it was not in use.</summary>
    public bool TryRelease(ushort packetId)
    {
        lock (this)
        {
            return _received?.Remove(packetId) ?? false;
        }
    }

    private bool Complete(DeliveryLink link, ushort packetId, Qos qos, DeliveryBatch batch)
    {
        lock (this)
        {
            if (!ReferenceEquals(_link, link) || _inflight is null)
            {
                return false;
            }

            ref var entry = ref _inflight.Find(packetId);
            if (Unsafe.IsNullRef(ref entry) || entry.Terms.Qos != qos)
            {
                return false;
            }

            _inflight.Remove(ref entry);
            _active--;
            if (_queue is not null || _resend is not null)
            {
                Pump(link, batch);
            }
            else if (_inflight.Count == 0)
            {
                _inflight = null;
            }

            OnProgress();
            return true;
        }
    }
}
