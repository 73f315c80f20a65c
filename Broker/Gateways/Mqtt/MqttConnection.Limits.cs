using Broker.Core.Limits;
using Broker.Core.Routing;
using Broker.Core.Sessions;
using Broker.Observability;
using Broker.Primitives;
using Broker.Protocols.Mqtt;

namespace Broker.Gateways.Mqtt;

internal sealed partial class MqttConnection
{
    private EffectiveLimits _limits = broker.Limits.Of(peer.Options);
    private bool _limitReported;

    /// <inheritdoc />
    protected override void OnTurn(LimitName? refusal, DeliveryBatch batch)
    {
        var packet = _connecting!;
        if (refusal is { } limit)
        {
            var identity = new ClientIdentity(packet.ClientId, packet.Username, Protocol, Peer.Listener, Peer.Address);
            RefuseForLimit(identity, limit, ReasonCode.ServerBusy, "the broker is busy");
            return;
        }

        Authenticate(packet, batch);
    }

    // What the client may not even connect with. False when it is refused.
    private bool CheckLimits(WillPacket? will, ClientIdentity identity)
    {
        if (will is not null && (int)will.Qos > _limits.MaximumQos)
        {
            return RefuseForLimit(identity, LimitName.Qos, ReasonCode.QosNotSupported, $"the highest QoS is {_limits.MaximumQos}"); // [MQTT-3.2.2-12]
        }

        if (will is { Retain: true } && !_limits.RetainAvailable)
        {
            return RefuseForLimit(identity, LimitName.Retain, ReasonCode.RetainNotSupported, "retained messages are not available"); // [MQTT-3.2.2-13]
        }

        if (TryEnter(identity, _limits, out var limit))
        {
            return true;
        }

        var code = limit == LimitName.Sessions ? ReasonCode.ServerBusy : ReasonCode.QuotaExceeded;
        return RefuseForLimit(identity, limit, code, "too many connections or sessions");
    }

    // Always false.
    private bool RefuseForLimit(ClientIdentity identity, LimitName limit, ReasonCode code, string reason)
    {
        Broker.Limits.Report(identity, limit, $"its CONNECT is refused, {reason}");
        return AnswerRefusal(code, reason);
    }

    private ReasonCode Limited(LimitName limit, ReasonCode code, string consequence)
    {
        Broker.Limits.Report(_session!.Identity, limit, consequence);
        return code;
    }

    // What the limits say to a topic; Success when nothing.
    private ReasonCode CheckTopic(ReadOnlySpan<byte> topic, ReasonCode refusal)
    {
        if (topic.Length > _limits.MaximumTopicBytes)
        {
            return Limited(LimitName.TopicBytes, refusal, $"a topic of {topic.Length} bytes is refused");
        }

        return topic.Length > 1 && topic.Count((byte)'/') >= _limits.MaximumTopicLevels
            ? Limited(LimitName.TopicLevels, refusal, "a topic is refused")
            : ReasonCode.Success;
    }

    // What the limits say to a subscription; Success when nothing.
    private ReasonCode CheckSubscription(TopicFilter filter)
    {
        const string Refused = "a subscription is refused";
        if (filter.IsShared && !_limits.SharedSubscriptionAvailable)
        {
            return Limited(LimitName.SharedSubscription, ReasonCode.SharedSubscriptionsNotSupported, Refused);
        }

        if (filter.HasWildcards && !_limits.WildcardSubscriptionAvailable) // [MQTT-3.1.1: 3.8.3-2]
        {
            return Limited(LimitName.WildcardSubscription, ReasonCode.WildcardSubscriptionsNotSupported, Refused);
        }

        if (Broker.Memory.IsShort)
        {
            return Limited(LimitName.Memory, ReasonCode.QuotaExceeded, Refused);
        }

        return _session!.HasRoomFor(filter, _limits.MaximumSubscriptions)
            ? ReasonCode.Success
            : Limited(LimitName.Subscriptions, ReasonCode.QuotaExceeded, Refused);
    }

    private bool MayRetain(ReadOnlySpan<byte> topic, in PublishPacket packet) => Broker.MayRetain(
        _session!.Identity,
        topic,
        topic.Length + packet.Properties.Length + packet.Payload.Length,
        packet.Retain && packet.Payload.Length > 0,
        _limits);

    // A fault that is a limit is reported as one; the line about the end of the connection is left out then.
    private void ReportLimit(ReasonCode code)
    {
        LimitName? reached = code switch
        {
            ReasonCode.QosNotSupported => LimitName.Qos,
            ReasonCode.RetainNotSupported => LimitName.Retain,
            ReasonCode.PacketTooLarge => LimitName.PacketSize,
            ReasonCode.ReceiveMaximumExceeded => LimitName.ReceiveMaximum,
            _ => null,
        };
        if (reached is { } limit && _session is { } session)
        {
            _limitReported = true;
            Broker.Limits.Report(session.Identity, limit, "the connection is closed");
        }
    }
}
