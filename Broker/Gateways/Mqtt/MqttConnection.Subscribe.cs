using Broker.Connections;
using Broker.Core.Ports;
using Broker.Core.Routing;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using SubscriptionOptions = Broker.Core.Topics.SubscriptionOptions;

namespace Broker.Gateways.Mqtt;

internal sealed partial class MqttConnection
{
    private void OnSubscribe(in MqttFrame frame, DeliveryBatch batch)
    {
        if (_long is null)
        {
            var packet = SubscribePacket.Read(frame, _version);
            if (packet.SubscriptionIdentifier != 0 && !Broker.Options.Mqtt.SubscriptionIdentifierAvailable)
            {
                MqttProtocolException.Throw(ReasonCode.SubscriptionIdentifiersNotSupported, "Subscription Identifiers are not available.");
            }

            if (packet.Count <= FiltersPerTurn)
            {
                Subscribe(packet, batch);
                return;
            }

            _long = LongPacketOf(packet.PacketId, packet.SubscriptionIdentifier, packet.Count, packet.Payload.Length);
        }

        if (SubscribeMore(_long, frame.Body))
        {
            AppendSubAck(_long.PacketId, _long.Codes, _long.Retained, batch);
            _long = null;
        }
    }

    private void Subscribe(SubscribePacket packet, DeliveryBatch batch)
    {
        Span<ReasonCode> codes = stackalloc ReasonCode[packet.Count]; // [MQTT-3.8.4-6]
        List<TopicFilter>? retained = null;
        var inUse = IsInUse(packet.PacketId);
        var index = 0;
        foreach (var item in packet)
        {
            // [MQTT-3.8.4-5] [MQTT-3.9.3-1]
            codes[index++] = inUse ? ReasonCode.PacketIdentifierInUse : Subscribe(item, packet.SubscriptionIdentifier, ref retained);
        }

        _filtersLeft -= packet.Count;
        AppendSubAck(packet.PacketId, codes, retained, batch);
    }

    // True when no filter is left.
    private bool SubscribeMore(LongPacket packet, ReadOnlySpan<byte> body)
    {
        var retained = packet.Retained;
        var items = new SubscribePacket.Enumerator(body[^packet.Left..], _version);
        while (_filtersLeft > 0 && items.MoveNext())
        {
            packet.Codes[packet.Done++] = Subscribe(items.Current, packet.Identifier, ref retained);
            packet.Left = items.Left;
            _filtersLeft--;
        }

        packet.Retained = retained;
        return packet.Left == 0;
    }

    private void AppendSubAck(ushort packetId, ReadOnlySpan<ReasonCode> codes, List<TopicFilter>? retained, DeliveryBatch batch)
    {
        var buffer = AnswerBuffer.Begin();
        // [MQTT-3.8.4-2]
        MqttWriter.WriteSubAck(buffer, _version, packetId, codes, ReasonStringOf(codes), maximumPacketSize: (uint)_maximumPacketSize);
        AppendWhenStored(buffer.WrittenSpan, batch); // [MQTT-3.8.4-1]
        if (retained is not null)
        {
            _session!.DeliverRetained(retained, batch); // [MQTT-3.8.4-4]
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

    private void OnUnsubscribe(in MqttFrame frame, DeliveryBatch batch)
    {
        if (_long is null)
        {
            var packet = UnsubscribePacket.Read(frame, _version);
            _long = LongPacketOf(packet.PacketId, identifier: 0, packet.Count, packet.Payload.Length);
        }

        var filters = new UnsubscribePacket.Enumerator(frame.Body[^_long.Left..], _version);
        while (_filtersLeft > 0 && filters.MoveNext())
        {
            _long.Codes[_long.Done++] = Unsubscribe(filters.Current);
            _long.Left = filters.Left;
            _filtersLeft--;
        }

        if (_long.Left > 0)
        {
            return;
        }

        var buffer = AnswerBuffer.Begin();
        // [MQTT-3.10.4-5]
        MqttWriter.WriteUnsubAck(buffer, _version, _long.PacketId, _long.Codes, ReasonStringOf(_long.Codes), maximumPacketSize: (uint)_maximumPacketSize);
        AppendWhenStored(buffer.WrittenSpan, batch); // [MQTT-3.10.4-4]
        _long = null;
    }

    private ReasonCode Unsubscribe(ReadOnlySpan<byte> text) => // [MQTT-3.11.3-1]
        !TopicFilter.TryParse(text, out var filter, out _) ? ReasonCode.TopicFilterInvalid
        : _session!.Unsubscribe(filter) ? ReasonCode.Success // [MQTT-3.10.4-1] [MQTT-3.10.4-6]
        : ReasonCode.NoSubscriptionExisted;

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
