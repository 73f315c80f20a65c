using Broker.Connections;
using Broker.Core.Routing;
using Broker.Core.Sessions;
using Broker.Primitives;
using Broker.Protocols.Mqtt;

namespace Broker.Gateways.Mqtt;

internal sealed partial class MqttConnection
{
    private void OnPubAck(AckPacket packet, DeliveryBatch batch)
    {
        // [MQTT-4.4.0-2] [MQTT-4.8.2-6]: whatever the code, it is over
        RequireInPlace(_session!.Acknowledge(this, packet.PacketId, batch), PacketType.PubAck);
        batch.Touch(this);
    }

    private void OnPubRec(AckPacket packet, DeliveryBatch batch)
    {
        if (packet.ReasonCode.IsError())
        {
            // [MQTT-4.3.3-4] [MQTT-4.4.0-2]: no PUBREL after an error
            RequireInPlace(_session!.Abandon(this, packet.PacketId, batch), PacketType.PubRec);
            batch.Touch(this);
            return;
        }

        var outcome = _session!.Release(this, packet.PacketId);
        RequireInPlace(outcome, PacketType.PubRec);
        // [MQTT-3.6.2-1] [MQTT-2.2.1-5]
        AppendWhenStored(PacketType.PubRel, packet.PacketId, CodeOf(outcome == AcknowledgementOutcome.Accepted), _session!.RecordedPosition, batch); // [MQTT-4.3.3-4]
    }

    private void OnPubRel(AckPacket packet, DeliveryBatch batch)
    {
        var known = _session!.TryRelease(packet.PacketId); // [MQTT-4.3.3-12] [MQTT-4.3.3-13]
        _receiving = Math.Max(0, _receiving - 1);
        // [MQTT-3.7.2-1] [MQTT-2.2.1-5]
        AppendWhenStored(PacketType.PubComp, packet.PacketId, CodeOf(known), _session!.RecordedPosition, batch); // [MQTT-4.3.3-11]
    }

    private static ReasonCode CodeOf(bool known) => known ? ReasonCode.Success : ReasonCode.PacketIdentifierNotFound;

    private void OnPubComp(AckPacket packet, DeliveryBatch batch)
    {
        RequireInPlace(_session!.Complete(this, packet.PacketId, batch), PacketType.PubComp);
        batch.Touch(this);
    }

    // An identifier that is not in use may be one that the client remembers; an answer that its delivery does not wait for is an
    // error [MQTT-4.3.2-4] [MQTT-4.3.3-8] [MQTT-4.13.1-1] [MQTT-3.1.1: 4.8.0-1].
    private static void RequireInPlace(AcknowledgementOutcome outcome, PacketType type)
    {
        if (outcome == AcknowledgementOutcome.OutOfPlace)
        {
            MqttProtocolException.ThrowProtocolError($"{type} for a delivery that waits for another packet.");
        }
    }

    private void AppendAck(PacketType type, ushort packetId, ReasonCode code, DeliveryBatch batch)
    {
        if (code.IsError() && IsV5 && _problemInformation && ReasonCodeMap.ReasonStringOf(code) is { } reason) // [MQTT-3.1.2-29]
        {
            var buffer = AnswerBuffer.Begin();
            MqttWriter.WriteAck(buffer, type, packetId, code, reason, maximumPacketSize: (uint)_maximumPacketSize);
            Append(buffer.WrittenSpan, batch);
            return;
        }

        Span<byte> packet = stackalloc byte[MqttWriter.MaximumAckSize];
        var length = MqttWriter.WriteAck(packet, type, _version, packetId, code);
        Append(packet[..length], batch);
    }

    // Appends a packet that is not a PUBLISH. One that the client does not take cannot be left out, so the connection ends [MQTT-3.1.2-24].
    private void Append(ReadOnlySpan<byte> packet, DeliveryBatch batch)
    {
        if (packet.Length > _maximumPacketSize)
        {
            Close(CloseReason.PacketTooLarge, $"its Maximum Packet Size is less than an answer of {packet.Length} bytes");
            return;
        }

        AppendControl(packet);
        batch.Traffic.ControlSent(0);
        batch.Touch(this);
    }
}
