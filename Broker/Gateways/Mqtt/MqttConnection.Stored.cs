using Broker.Core.Ports;
using Broker.Core.Routing;
using Broker.Primitives;
using Broker.Protocols.Mqtt;

namespace Broker.Gateways.Mqtt;

/// <summary>Answers that wait until what they acknowledge is on disk. They leave in the order in which they were given.</summary>
internal sealed partial class MqttConnection : ICommitWaiter
{
    private Queue<StoredAnswer>? _answers;

    /// <inheritdoc />
    void ICommitWaiter.OnCommitted(long committed)
    {
        using var batch = DeliveryBatch.Begin(Broker);
        var answers = _answers!;
        lock (answers)
        {
            while (answers.TryPeek(out var next))
            {
                if (next.Position > committed)
                {
                    Broker.Store.Notify(this, next.Position);
                    return;
                }

                answers.Dequeue();
                Answer(next, batch);
            }
        }
    }

    /// <inheritdoc />
    void ICommitWaiter.OnStoreFailed() => Close(CloseReason.QuotaExceeded, "what it sent cannot be stored");

    private void AppendWhenStored(PacketType type, ushort packetId, ReasonCode code, long position, DeliveryBatch batch)
    {
        if (!MustWait(position))
        {
            AppendAck(type, packetId, code, batch);
        }
        else
        {
            Wait(new StoredAnswer(position, type, packetId, code));
        }
    }

    private void AppendWhenStored(ReadOnlySpan<byte> packet, DeliveryBatch batch)
    {
        var position = _session!.RecordedPosition;
        if (!MustWait(position))
        {
            Append(packet, batch);
        }
        else
        {
            Wait(new StoredAnswer(position, default, 0, default, packet.ToArray()));
        }
    }

    private bool MustWait(long position)
    {
        if (position > Broker.Store.Committed)
        {
            return true;
        }

        if (_answers is not { } answers)
        {
            return false;
        }

        lock (answers)
        {
            return answers.Count > 0;
        }
    }

    private void Wait(in StoredAnswer answer)
    {
        var answers = _answers ??= new Queue<StoredAnswer>();
        lock (answers)
        {
            answers.Enqueue(answer);
            if (answers.Count == 1)
            {
                Broker.Store.Notify(this, answer.Position);
            }
        }
    }

    private void Answer(in StoredAnswer answer, DeliveryBatch batch)
    {
        if (answer.Packet is { } packet)
        {
            Append(packet, batch);
        }
        else
        {
            AppendAck(answer.Type, answer.PacketId, answer.Code, batch);
        }
    }

    private readonly record struct StoredAnswer(long Position, PacketType Type, ushort PacketId, ReasonCode Code, byte[]? Packet = null);
}
