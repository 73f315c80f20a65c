using Broker.Primitives;
using Broker.Protocols.Mqtt;

namespace Broker.Cli.Bench;

/// <summary>An MQTT client of the load: publisher, subscriber or both.</summary>
internal sealed class MqttLoadClient(LoadFlow flow, BenchPlan plan, string clientId) : MqttLoadConnection(flow, plan.Version)
{
    private const uint SessionSeconds = 3600;

    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Receive Maximum of the broker.</summary>
    public int ReceiveMaximum { get; private set; } = ushort.MaxValue;

    /// <summary>True when its session outlives the connection.</summary>
    public bool IsPersistent { get; init; }

    /// <summary>Connects and waits for CONNACK.</summary>
    /// <exception cref="IOException">No connection, or the broker refuses.</exception>
    public async Task ConnectAsync(LoadDialer dialer, CancellationToken cancellationToken)
    {
        Begin(await dialer.DialAsync(plan.Port, cancellationToken));
        var packet = new ConnectPacket
        {
            Version = plan.Version,
            CleanStart = !IsPersistent,
            SessionExpiryInterval = IsPersistent && plan.Version == MqttVersion.V5 ? SessionSeconds : 0,
            ClientId = clientId,
            Username = plan.Username,
            Password = plan.Password,
        };
        Send(output => MqttWriter.WriteConnect(output, packet));
        await _connected.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Subscribes and waits for SUBACK.</summary>
    /// <exception cref="IOException">The broker refuses.</exception>
    public Task SubscribeAsync(string filter, CancellationToken cancellationToken)
    {
        Send(output => MqttWriter.WriteSubscribe(output, plan.Version, 1, [(filter, new SubscriptionOptions(plan.Qos))]));
        return _subscribed.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Says goodbye and ends the connection.</summary>
    public void Disconnect() => SendLast(output => MqttWriter.WriteDisconnect(output, plan.Version, new DisconnectPacket()));

    /// <inheritdoc />
    protected override void OnLost(string reason)
    {
        var fault = new IOException($"{clientId}: {reason}");
        _connected.TrySetException(fault);
        _subscribed.TrySetException(fault);

        // Observed here: not every client has somebody who waits for both.
        _ = _connected.Task.Exception;
        _ = _subscribed.Task.Exception;
        Flow.Fail(fault.Message);
    }

    /// <inheritdoc />
    protected override void Process(in MqttFrame frame, long now)
    {
        switch (frame.Type)
        {
            case PacketType.Publish:
                OnPublish(PublishPacket.Read(frame, plan.Version, PacketSender.Server), now);
                break;
            case PacketType.PubRel:
                Acknowledge(PacketType.PubComp, AckPacket.Read(frame, plan.Version).PacketId);
                break;
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubComp:
                OnAck(frame.Type, AckPacket.Read(frame, plan.Version), now);
                break;
            case PacketType.ConnAck:
                OnConnAck(ConnAckPacket.Read(frame, plan.Version));
                break;
            case PacketType.SubAck:
                OnSubAck(SubAckPacket.Read(frame, plan.Version));
                break;
            case PacketType.Disconnect:
                OnDisconnect(frame);
                break;
        }
    }

    private void OnPublish(in PublishPacket packet, long now)
    {
        Sink?.Accept(packet.Payload, now);
        if (packet.Qos != Qos.AtMostOnce)
        {
            Acknowledge(packet.Qos == Qos.AtLeastOnce ? PacketType.PubAck : PacketType.PubRec, packet.PacketId);
        }
    }

    private void OnAck(PacketType type, AckPacket ack, long now)
    {
        Flow.Counters.LastProgress = now;
        var refused = ack.ReasonCode >= ReasonCode.UnspecifiedError;
        Flow.Counters.Refused += refused ? 1 : 0;
        if (type == PacketType.PubRec && !refused)
        {
            Acknowledge(PacketType.PubRel, ack.PacketId);
        }
        else if (Producer is { Identifiers: { } identifiers } producer && identifiers.Release(ack.PacketId, out var sentAt))
        {
            if (plan.Scenario == BenchScenario.Offline && !refused)
            {
                Flow.Counters.Received++;
                Flow.Latency.Add(Flow.ToNanoseconds(now - sentAt));
            }

            Flow.Wake(producer);
        }
    }

    private void OnConnAck(ConnAckPacket packet)
    {
        ReceiveMaximum = packet.ReceiveMaximum ?? ushort.MaxValue;
        if (RefusalOf(packet) is { } refusal)
        {
            _connected.TrySetException(new IOException($"{clientId}: CONNACK {refusal}"));
        }
        else
        {
            _connected.TrySetResult();
        }
    }

    private void OnSubAck(SubAckPacket packet)
    {
        if (packet.ReasonCodes is [var code] && code < ReasonCode.UnspecifiedError)
        {
            _subscribed.TrySetResult();
        }
        else
        {
            _subscribed.TrySetException(new IOException($"{clientId}: SUBACK {string.Join(' ', packet.ReasonCodes)}"));
        }
    }
}
