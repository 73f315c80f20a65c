using Broker.Cli.Bench;
using Broker.Cli.Crashtest.Audit;
using Broker.Primitives;
using Broker.Protocols.Mqtt;

namespace Broker.Cli.Crashtest.Sessions;

/// <summary>A publisher: what the broker has not acknowledged it sends again on the next connection, with DUP and the same Packet Identifier.</summary>
internal sealed class PublishingSession(
    LoadFlow flow, AuditLog audit, string clientId, MqttVersion version, IReadOnlyList<MessageStream> streams, PayloadPattern payloads, int window)
    : ClientSession(flow, audit, clientId, version)
{
    private readonly OutboundWindow _window = new() { Limit = window };

    public IReadOnlyList<MessageStream> Streams => streams;

    /// <summary>True when another message may be sent now.</summary>
    public bool HasRoom => IsConnected && _window.HasRoom;

    /// <summary>True when the exchange of each message is complete.</summary>
    public bool IsIdle => _window.Messages.Count == 0;

    /// <summary>Sends the next message of a stream; the caller has asked whether there is room, and flushes.</summary>
    public void Publish(MessageStream stream) => Write(_window.Add(stream, Audit.Publish(stream)), isDuplicate: false);

    /// <inheritdoc />
    public override void OnPacket(in MqttFrame frame, SessionConnection connection)
    {
        if (frame.Type is PacketType.PubAck or PacketType.PubRec or PacketType.PubComp)
        {
            Flow.Counters.LastProgress = Flow.Now;
            OnAck(frame.Type, AckPacket.Read(frame, Version), connection);
        }
    }

    /// <inheritdoc />
    protected override void Forget() => _window.Clear();

    /// <inheritdoc />
    protected override void Resume(ushort receiveMaximum)
    {
        _window.Limit = Math.Min(window, receiveMaximum);
        foreach (var message in _window.Messages)
        {
            if (message.IsReceived)
            {
                Connection!.Acknowledge(PacketType.PubRel, message.PacketId);
            }
            else
            {
                Write(message, isDuplicate: true);
            }
        }
    }

    private void OnAck(PacketType type, AckPacket ack, SessionConnection connection)
    {
        var message = _window.Find(ack.PacketId);
        if (message is null || (type == PacketType.PubAck) != (message.Stream.Qos == Qos.AtLeastOnce))
        {
            throw new InvalidDataException($"it sent {type} {ack.PacketId} without a reason to");
        }

        if (ack.ReasonCode.IsError() && type != PacketType.PubComp)
        {
            Audit.Refuse();
            _window.Remove(message);
            return;
        }

        if (type != PacketType.PubComp)
        {
            Audit.Acknowledge(message.Stream, message.Sequence);
        }

        if (type == PacketType.PubRec)
        {
            message.IsReceived = true;
            connection.Acknowledge(PacketType.PubRel, message.PacketId);
            return;
        }

        message.Stream.Complete(message.Sequence);
        _window.Remove(message);
    }

    private void Write(InflightMessage message, bool isDuplicate)
    {
        var stream = message.Stream;
        Span<byte> payload = new byte[payloads.Size];
        payloads.Write(payload, stream, message.Sequence);
        var packet = Connection!.Extend(MqttWriter.PublishSize(Version, stream.TopicBytes.Length, 0, payload.Length, stream.Qos));
        MqttWriter.WritePublish(
            packet, Version, stream.TopicBytes, payload, [], stream.Qos, stream.Retain, isDuplicate, message.PacketId, null, 0, [], out _);
    }
}
