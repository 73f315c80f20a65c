using Broker.Core.Routing;
using Broker.Protocols.Mqtt;

namespace Broker.Gateways.Mqtt;

internal sealed partial class MqttConnection
{
    private void OnPubAck(AckPacket packet, DeliveryBatch batch)
    {
        _session!.Acknowledge(this, packet.PacketId, batch); // [MQTT-4.3.2-5]: whatever the code, it is over
        batch.Touch(this);
    }

    private void OnPubRec(AckPacket packet, DeliveryBatch batch)
    {
        if (packet.ReasonCode.IsError())
        {
            _session!.Complete(this, packet.PacketId, batch); // [MQTT-4.3.3-4]: no PUBREL after an error
            batch.Touch(this);
            return;
        }

        var known = _session!.Release(this, packet.PacketId);
        AppendAck(PacketType.PubRel, packet.PacketId, known ? ReasonCode.Success : ReasonCode.PacketIdentifierNotFound, batch); // [MQTT-3.5.4-1]
    }

    private void OnPubRel(AckPacket packet, DeliveryBatch batch)
    {
        var known = _session!.TryRelease(packet.PacketId);
        AppendAck(PacketType.PubComp, packet.PacketId, known ? ReasonCode.Success : ReasonCode.PacketIdentifierNotFound, batch); // [MQTT-4.3.3-11]
    }

    private void OnPubComp(AckPacket packet, DeliveryBatch batch)
    {
        _session!.Complete(this, packet.PacketId, batch);
        batch.Touch(this);
    }

    private void AppendAck(PacketType type, ushort packetId, ReasonCode code, DeliveryBatch batch)
    {
        Span<byte> packet = stackalloc byte[MqttWriter.MaximumAckSize];
        var length = MqttWriter.WriteAck(packet, type, _version, packetId, code);
        AppendControl(packet[..length]);
        batch.Touch(this);
    }
}
