using Broker.Cli.Bench;
using Broker.Cli.Crashtest.Audit;
using Broker.Primitives;
using Broker.Protocols.Mqtt;

namespace Broker.Cli.Crashtest.Sessions;

/// <summary>A persistent subscriber. A QoS 2 message is handed on when its PUBLISH comes, and its Packet Identifier kept until PUBREL.</summary>
internal sealed class SubscribingSession(
    LoadFlow flow, AuditLog audit, string clientId, MqttVersion version, Qos qos, PayloadPattern payloads)
    : ClientSession(flow, audit, clientId, version)
{
    private const ushort Window = 100;

    private readonly HashSet<ushort> _received = [];
    private readonly Dictionary<uint, DeliveryRecord> _records = [];
    private readonly List<Subscription> _wanted = [];
    private readonly Queue<Subscription> _later = [];
    private ushort _packetId;

    /// <summary>What the session has been subscribed to.</summary>
    public IEnumerable<DeliveryRecord> Records => _records.Values;

    /// <summary>True when each subscription that was asked for is acknowledged.</summary>
    public bool IsSubscribed => _wanted.TrueForAll(subscription => subscription.IsAcknowledged);

    /// <summary>True when no subscription is left.</summary>
    public bool IsUnsubscribed => _wanted.Count == 0;

    /// <inheritdoc />
    protected override ushort ReceiveMaximum => Window;

    /// <summary>Subscribes from the first connection on, or <paramref name="later"/>, when <see cref="SubscribeAnother"/> says so.</summary>
    public void Want(string filter, IEnumerable<MessageStream> streams, bool later = false)
    {
        var subscription = new Subscription(filter, [.. streams.Select(stream => new DeliveryRecord(stream, stream.Qos < qos ? stream.Qos : qos))]);
        if (later)
        {
            _later.Enqueue(subscription);
        }
        else
        {
            Add(subscription);
        }
    }

    /// <summary>Subscribes to one filter more, if there is one; the caller flushes.</summary>
    public void SubscribeAnother()
    {
        if (IsConnected && _later.TryDequeue(out var subscription))
        {
            Add(subscription);
            Send(subscription, subscribe: true);
        }
    }

    /// <summary>Unsubscribes from everything, because the answer says whether the subscription was there; the caller flushes.</summary>
    public void UnsubscribeAll() => _wanted.ForEach(subscription => Send(subscription, subscribe: false));

    /// <inheritdoc />
    public override void OnPacket(in MqttFrame frame, SessionConnection connection)
    {
        switch (frame.Type)
        {
            case PacketType.Publish:
                OnPublish(PublishPacket.Read(frame, Version, PacketSender.Server), connection);
                break;
            case PacketType.PubRel:
                var packetId = AckPacket.Read(frame, Version).PacketId;
                _received.Remove(packetId);
                connection.Acknowledge(PacketType.PubComp, packetId);
                break;
            case PacketType.SubAck:
                OnSubAck(SubAckPacket.Read(frame, Version));
                break;
            case PacketType.UnsubAck:
                OnUnsubAck(SubAckPacket.Read(frame, Version));
                break;
        }
    }

    /// <inheritdoc />
    protected override void Forget()
    {
        _received.Clear();
        _wanted.ForEach(subscription => subscription.IsAcknowledged = false);
    }

    /// <inheritdoc />
    protected override void Resume(ushort receiveMaximum)
    {
        foreach (var subscription in _wanted.Where(subscription => !subscription.IsAcknowledged))
        {
            Send(subscription, subscribe: true);
        }
    }

    private void Add(Subscription subscription)
    {
        _wanted.Add(subscription);
        foreach (var record in subscription.Records)
        {
            _records.Add(record.Stream.Index, record);
        }
    }

    private void Send(Subscription subscription, bool subscribe)
    {
        subscription.PacketId = ++_packetId;
        if (subscribe)
        {
            Connection!.Subscribe(_packetId, subscription.Filter, new SubscriptionOptions(qos));
        }
        else
        {
            Connection!.Unsubscribe(_packetId, subscription.Filter);
        }
    }

    private void OnPublish(in PublishPacket packet, SessionConnection connection)
    {
        Flow.Counters.LastProgress = Flow.Now;
        if (packet.Qos != Qos.ExactlyOnce || _received.Add(packet.PacketId))
        {
            Accept(packet);
        }

        if (packet.Qos != Qos.AtMostOnce)
        {
            connection.Acknowledge(packet.Qos == Qos.AtLeastOnce ? PacketType.PubAck : PacketType.PubRec, packet.PacketId);
        }
    }

    private void Accept(in PublishPacket packet)
    {
        if (payloads.TryRead(packet.Payload, out var stream, out var sequence)
            && _records.TryGetValue(stream, out var record)
            && packet.Topic.SequenceEqual(record.Stream.TopicBytes))
        {
            Audit.Deliver(record, sequence, ClientId);
        }
        else
        {
            Audit.Violate(ViolationKind.Corrupted, $"{ClientId}: a message that is not one of this subscriber's");
        }
    }

    private void OnSubAck(SubAckPacket packet)
    {
        if (packet.ReasonCodes is not [var code] || code != (ReasonCode)qos)
        {
            throw new InvalidDataException($"SUBACK {string.Join(' ', packet.ReasonCodes)}");
        }

        if (_wanted.Find(subscription => subscription.PacketId == packet.PacketId) is { } subscription)
        {
            subscription.IsAcknowledged = true;
            foreach (var record in subscription.Records)
            {
                record.Begin();
            }
        }
    }

    private void OnUnsubAck(SubAckPacket packet)
    {
        if (_wanted.Find(subscription => subscription.PacketId == packet.PacketId) is { } subscription)
        {
            _wanted.Remove(subscription);
            if (packet.ReasonCodes is [ReasonCode.NoSubscriptionExisted])
            {
                Audit.Violate(ViolationKind.SubscriptionLost, $"{ClientId}: the subscription to {subscription.Filter} is gone");
            }
        }
    }
}
