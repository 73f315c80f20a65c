using Broker.Cli.Bench;
using Broker.Cli.Crashtest.Audit;
using Broker.Primitives;
using Broker.Protocols.Mqtt;

namespace Broker.Cli.Crashtest.Sessions;

/// <summary>A client that comes to see which retained messages there are.</summary>
internal sealed class RetainedProbe(
    LoadFlow flow, AuditLog audit, string clientId, string filter, IReadOnlyList<MessageStream> streams, PayloadPattern payloads)
    : ClientSession(flow, audit, clientId, MqttVersion.V5)
{
    private readonly Dictionary<uint, uint> _found = [];
    private bool _isSubscribed;

    /// <summary>True when each retained message that there must be has come, whichever it is.</summary>
    public bool IsComplete =>
        _isSubscribed && streams.All(stream => stream.LastCompleted < 0 || _found.ContainsKey(stream.Index));

    /// <inheritdoc />
    protected override bool IsPersistent => false;

    /// <summary>Compares what has come with what must be there.</summary>
    public void Judge()
    {
        foreach (var stream in streams)
        {
            Audit.CheckRetained(stream, _found.TryGetValue(stream.Index, out var sequence) ? sequence : null);
        }
    }

    /// <inheritdoc />
    public override void OnPacket(in MqttFrame frame, SessionConnection connection)
    {
        _isSubscribed |= frame.Type == PacketType.SubAck;
        if (frame.Type == PacketType.Publish)
        {
            OnPublish(PublishPacket.Read(frame, Version, PacketSender.Server), connection);
        }
    }

    /// <inheritdoc />
    protected override void Forget()
    {
    }

    /// <inheritdoc />
    protected override void Resume(ushort receiveMaximum) => Connection!.Subscribe(1, filter, new SubscriptionOptions(Qos.AtLeastOnce));

    private void OnPublish(in PublishPacket packet, SessionConnection connection)
    {
        if (payloads.TryRead(packet.Payload, out var stream, out var sequence))
        {
            _found[stream] = sequence;
        }
        else
        {
            Audit.Violate(ViolationKind.Corrupted, $"{ClientId}: a retained message that nobody has sent");
        }

        if (packet.Qos == Qos.AtLeastOnce)
        {
            connection.Acknowledge(PacketType.PubAck, packet.PacketId);
        }
    }
}
