using Broker.Connections;
using Broker.Core.Ports;
using Broker.Core.Routing;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using SubscriptionOptions = Broker.Core.Topics.SubscriptionOptions;

namespace Broker.Gateways.Mqtt;

internal sealed partial class MqttConnection
{
    private const int FewCodes = 64;

    private void OnSubscribe(SubscribePacket packet, DeliveryBatch batch)
    {
        if (packet.SubscriptionIdentifier != 0 && !Broker.Options.Mqtt.SubscriptionIdentifierAvailable)
        {
            MqttProtocolException.Throw(ReasonCode.SubscriptionIdentifiersNotSupported, "Subscription Identifiers are not available.");
        }

        var codes = packet.Count <= FewCodes ? stackalloc ReasonCode[packet.Count] : new ReasonCode[packet.Count]; // [MQTT-3.8.4-6]
        List<TopicFilter>? retained = null;
        var inUse = IsInUse(packet.PacketId);
        var index = 0;
        foreach (var item in packet)
        {
            // [MQTT-3.8.4-5] [MQTT-3.9.3-1]
            codes[index++] = inUse ? ReasonCode.PacketIdentifierInUse : Subscribe(item, packet.SubscriptionIdentifier, ref retained);
        }

        var buffer = AnswerBuffer.Begin();
        // [MQTT-3.8.4-2]
        MqttWriter.WriteSubAck(buffer, _version, packet.PacketId, codes, ReasonStringOf(codes), maximumPacketSize: (uint)_maximumPacketSize);
        AppendWhenStored(buffer.WrittenSpan, batch); // [MQTT-3.8.4-1]
        foreach (var filter in retained ?? [])
        {
            _session!.DeliverRetained(filter, batch); // [MQTT-3.8.4-4]
        }
    }

    private ReasonCode Subscribe(SubscribePacket.Item item, uint identifier, ref List<TopicFilter>? retained)
    {
        if (!TopicFilter.TryParse(item.Filter, out var filter, out _))
        {
            return ReasonCode.TopicFilterInvalid;
        }

        var refusal = Refusal(filter, item.Options.Qos);
        if (refusal != ReasonCode.Success)
        {
            return refusal;
        }

        var qos = (Qos)Math.Min((int)item.Options.Qos, _limits.MaximumQos); // [MQTT-3.2.2-10]
        var options = new SubscriptionOptions(qos, item.Options.NoLocal, item.Options.RetainAsPublished, (Core.Topics.RetainHandling)item.Options.RetainHandling);
        if (!Broker.Store.IsAvailable && _session!.IsDurable && !_session.HasSubscription(filter, options, identifier))
        {
            return ReasonCode.QuotaExceeded;
        }

        if (_session!.Subscribe(filter, options, identifier))
        {
            (retained ??= []).Add(filter);
        }

        return (ReasonCode)qos; // [MQTT-3.8.4-7]: the QoS that is granted
    }

    private ReasonCode Refusal(TopicFilter filter, Qos qos)
    {
        if (CheckTopic(filter.Text, ReasonCode.TopicFilterInvalid) is var invalid and not ReasonCode.Success)
        {
            return invalid;
        }

        // Before the rules, which cost more: who asks for too much must not have them asked each time.
        if (CheckSubscription(filter) is var limited and not ReasonCode.Success)
        {
            return limited;
        }

        if (Broker.Authorizer.AllowsEverything || Broker.Authorizer.IsAllowed(_session!.Identity, TopicAction.Subscribe, filter.Text, qos, retain: false))
        {
            return ReasonCode.Success;
        }

        OnDenied("subscribe to", filter.FullText);
        return ReasonCode.NotAuthorized;
    }

    private void OnUnsubscribe(UnsubscribePacket packet, DeliveryBatch batch)
    {
        var codes = packet.Count <= FewCodes ? stackalloc ReasonCode[packet.Count] : new ReasonCode[packet.Count];
        var inUse = IsInUse(packet.PacketId);
        var index = 0;
        foreach (var text in packet)
        {
            // [MQTT-3.11.3-1]
            codes[index++] = inUse ? ReasonCode.PacketIdentifierInUse
                : !TopicFilter.TryParse(text, out var filter, out _) ? ReasonCode.TopicFilterInvalid
                : _session!.Unsubscribe(filter) ? ReasonCode.Success // [MQTT-3.10.4-1] [MQTT-3.10.4-6]
                : ReasonCode.NoSubscriptionExisted;
        }

        var buffer = AnswerBuffer.Begin();
        // [MQTT-3.10.4-5]
        MqttWriter.WriteUnsubAck(buffer, _version, packet.PacketId, codes, ReasonStringOf(codes), maximumPacketSize: (uint)_maximumPacketSize);
        AppendWhenStored(buffer.WrittenSpan, batch); // [MQTT-3.10.4-4]
    }

    // A client's publishes and subscriptions share one set of identifiers [MQTT-2.2.1-3]. Before 5.0 there is no code to say so.
    private bool IsInUse(ushort packetId) => IsV5 && _session!.IsReceiving(packetId);

    // Why the first refused filter is refused; null when nothing is, or when the client does not want to know [MQTT-3.1.2-29].
    private string? ReasonStringOf(ReadOnlySpan<ReasonCode> codes)
    {
        if (_problemInformation && IsV5)
        {
            foreach (var code in codes)
            {
                if (code.IsError() && ReasonCodeMap.ReasonStringOf(code) is { } reason)
                {
                    return reason;
                }
            }
        }

        return null;
    }
}
