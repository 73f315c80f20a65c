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

    /// <summary>PUBACK: a QoS 1 delivery is complete.</summary>
    public AcknowledgementOutcome Acknowledge(DeliveryLink link, ushort packetId, DeliveryBatch batch) =>
        Finish(link, packetId, Qos.AtLeastOnce, InflightState.Published, batch);

    /// <summary>PUBCOMP: a QoS 2 delivery that was released is complete.</summary>
    public AcknowledgementOutcome Complete(DeliveryLink link, ushort packetId, DeliveryBatch batch) =>
        Finish(link, packetId, Qos.ExactlyOnce, InflightState.Released, batch);

    /// <summary>PUBREC with an error: a QoS 2 delivery is over before it was released.</summary>
    public AcknowledgementOutcome Abandon(DeliveryLink link, ushort packetId, DeliveryBatch batch) =>
        Finish(link, packetId, Qos.ExactlyOnce, InflightState.Published, batch);

    /// <summary>PUBREC: the client has the message, which is released [MQTT-4.3.3-4].</summary>
    public AcknowledgementOutcome Release(DeliveryLink link, ushort packetId)
    {
        lock (this)
        {
            if (!ReferenceEquals(_link, link) || _inflight is null)
            {
                return AcknowledgementOutcome.NotInUse;
            }

            ref var entry = ref _inflight.Find(packetId);
            if (Unsafe.IsNullRef(ref entry))
            {
                return AcknowledgementOutcome.NotInUse;
            }

            if (entry.Terms.Qos != Qos.ExactlyOnce)
            {
                return AcknowledgementOutcome.OutOfPlace;
            }

            entry.State = InflightState.Released; // [MQTT-4.3.3-5]
            entry.Message = null; // [MQTT-4.3.3-6]: never sent again
            if (entry.IsStored)
            {
                _record!.Released(entry.Sequence);
            }

            return AcknowledgementOutcome.Accepted;
        }
    }

    /// <summary>A QoS 2 publish arrives. False when its identifier is in use: a repeat that must not be delivered again [MQTT-4.3.3-10].</summary>
    public bool TryReceive(ushort packetId)
    {
        lock (this)
        {
            if (!(_received ??= []).Add(packetId))
            {
                return false;
            }

            _record?.Received(packetId);
            return true;
        }
    }

    /// <summary>PUBREL: the identifier is free again. False when it was not in use.</summary>
    public bool TryRelease(ushort packetId)
    {
        lock (this)
        {
            if (_received is null || !_received.Remove(packetId))
            {
                return false;
            }

            _record?.ReceiveEnded(packetId);
            return true;
        }
    }

    private AcknowledgementOutcome Finish(DeliveryLink link, ushort packetId, Qos qos, InflightState state, DeliveryBatch batch)
    {
        lock (this)
        {
            if (!ReferenceEquals(_link, link) || _inflight is null)
            {
                return AcknowledgementOutcome.NotInUse;
            }

            ref var entry = ref _inflight.Find(packetId);
            if (Unsafe.IsNullRef(ref entry))
            {
                return AcknowledgementOutcome.NotInUse;
            }

            if (entry.Terms.Qos != qos || entry.State != state)
            {
                return AcknowledgementOutcome.OutOfPlace;
            }

            Forget(ref entry);
            _active--;
            if (_queue is not null || _resend is not null || _replay is not null)
            {
                Pump(link, batch);
            }
            else if (_inflight.Count == 0)
            {
                _inflight = null;
            }

            OnProgress();
            return AcknowledgementOutcome.Accepted;
        }
    }
}
