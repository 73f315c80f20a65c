using Broker.Core.Ports;
using Broker.Core.Routing;
using Broker.Core.Sessions;
using Broker.Observability;
using Broker.Primitives;
using Broker.Protocols.Mqtt;

namespace Broker.Gateways.Mqtt;

internal sealed partial class MqttConnection
{
    private const int StackLimit = 512;

    private LastTopic _lastTopic;
    private byte[]?[]? _aliases; // [MQTT-3.3.2-7]
    private int _receiving;

    private static ReadOnlySpan<byte> SystemTopics => "$SYS/"u8;

    private void OnPublish(in MqttFrame frame, ReadOnlySpan<byte> bytes, DeliveryBatch batch)
    {
        var packet = PublishPacket.Read(frame, _version);
        var topic = packet.TopicAlias == 0 ? packet.Topic : ResolveAlias(packet);
        batch.Traffic.MessageReceived(0, (int)packet.Qos, packet.Payload.Length);
        CheckAnnouncedLimits(packet);
        if (packet.Qos != Qos.ExactlyOnce)
        {
            var code = Accept(topic, packet, bytes, batch);
            AcknowledgePublish(packet.Qos, packet.PacketId, code, batch.Position, batch);
        }
        else
        {
            OnExactlyOnce(topic, packet, bytes, batch);
        }

        YieldToCongested(_session!, batch);
        YieldToStore(batch);
    }

    private void OnExactlyOnce(ReadOnlySpan<byte> topic, in PublishPacket packet, ReadOnlySpan<byte> bytes, DeliveryBatch batch)
    {
        ReasonCode code;
        // That it was received and what it was delivered to take effect together: neither is lost or doubled by a crash.
        using (new StoreGroup(_session!.IsDurable ? Broker.Store : null))
        {
            // [MQTT-4.3.3-10]: a repeat is only acknowledged
            code = BeginReceive(packet.PacketId) ? Accept(topic, packet, bytes, batch) : ReasonCode.Success;
        }

        AcknowledgePublish(packet.Qos, packet.PacketId, code, Math.Max(batch.Position, _session.RecordedPosition), batch);
    }

    private ReasonCode Accept(ReadOnlySpan<byte> topic, in PublishPacket packet, ReadOnlySpan<byte> bytes, DeliveryBatch batch)
    {
        var refusal = Refusal(topic, packet);
        if (refusal != ReasonCode.Success)
        {
            batch.Traffic.Dropped(refusal == ReasonCode.QuotaExceeded ? DropReason.LimitReached : DropReason.NotAuthorized);
            return refusal;
        }

        var outcome = packet.PropertiesForwardable
            ? Route(topic, packet, packet.Properties, bytes, batch)
            : RouteWithFewerProperties(topic, packet, batch);
        return outcome switch
        {
            PublishOutcome.QuotaExceeded => RefuseUnstored(packet.PacketId, batch),
            PublishOutcome.NoMatchingSubscribers when IsV5 => ReasonCode.NoMatchingSubscribers,
            _ => ReasonCode.Success,
        };
    }

    // What has to be stored, and cannot be.
    private ReasonCode RefuseUnstored(ushort packetId, DeliveryBatch batch)
    {
        batch.Traffic.Dropped(DropReason.QuotaExceeded);
        if (!IsV5)
        {
            _session!.TryRelease(packetId); // it was not taken: the client sends it again
            Close(CloseReason.QuotaExceeded, "what it publishes cannot be stored"); // MQTT 3 has no other way to say so
        }

        return ReasonCode.QuotaExceeded;
    }

    private PublishOutcome Route(ReadOnlySpan<byte> topic, in PublishPacket packet, ReadOnlySpan<byte> properties, ReadOnlySpan<byte> bytes, DeliveryBatch batch)
    {
        // A QoS 0 publish without anything that concerns only the publisher leaves as it came; MQTT 3.1 may set DUP [MQTT-3.3.1-3].
        var unchanged = packet.Qos == Qos.AtMostOnce && !packet.Retain && !packet.Dup && packet.TopicAlias == 0 && bytes.Length > 0;
        var publication = new Publication
        {
            Topic = topic,
            Payload = packet.Payload,
            Properties = properties,
            Qos = packet.Qos,
            Retain = packet.Retain,
            ExpiresAt = batch.ExpiresAt(packet.MessageExpiryInterval),
            Publisher = _session,
            ArrivedFrame = unchanged ? bytes : default,
            ArrivedForm = unchanged ? FormOf(IsV5, Qos.AtMostOnce, retain: false) : EncodingCache.NoForm,
        };
        return Broker.Router.Publish(publication, batch, ref _lastTopic);
    }

    private PublishOutcome RouteWithFewerProperties(ReadOnlySpan<byte> topic, in PublishPacket packet, DeliveryBatch batch)
    {
        var length = packet.Properties.Length;
        Span<byte> copy = length <= StackLimit ? stackalloc byte[StackLimit] : new byte[length];
        var properties = copy[..packet.CopyForwardableProperties(copy)];
        return Route(topic, packet, properties, default, batch);
    }

    private ReadOnlySpan<byte> ResolveAlias(in PublishPacket packet)
    {
        var maximum = Broker.Options.Mqtt.TopicAliasMaximum;
        if (packet.TopicAlias > maximum)
        {
            // [MQTT-3.3.2-9]
            MqttProtocolException.Throw(ReasonCode.TopicAliasInvalid, $"Topic Alias {packet.TopicAlias} is above the maximum of {maximum}."); // [MQTT-3.2.2-17]
        }

        _aliases ??= new byte[maximum + 1][];
        ref var mapped = ref _aliases[packet.TopicAlias];
        if (packet.Topic.Length > 0)
        {
            if (!packet.Topic.SequenceEqual(mapped))
            {
                mapped = packet.Topic.ToArray(); // [MQTT-3.3.2-12]
            }
        }
        else if (mapped is null)
        {
            MqttProtocolException.ThrowProtocolError($"Topic Alias {packet.TopicAlias} stands for no topic.");
        }

        return mapped;
    }

    private void CheckAnnouncedLimits(in PublishPacket packet)
    {
        if ((int)packet.Qos > _limits.MaximumQos)
        {
            MqttProtocolException.Throw(ReasonCode.QosNotSupported, $"The highest QoS is {_limits.MaximumQos}."); // [MQTT-3.2.2-11]
        }

        if (packet.Retain && !_limits.RetainAvailable)
        {
            MqttProtocolException.Throw(ReasonCode.RetainNotSupported, "Retained messages are not available."); // [MQTT-3.2.2-14]
        }
    }

    // False when the identifier is in use.
    private bool BeginReceive(ushort packetId)
    {
        var session = _session!;
        if (!session.TryReceive(packetId))
        {
            return false;
        }

        // Counted by connection: what an earlier one left open does not count against this one's quota (section 4.9).
        if (++_receiving > _limits.ReceiveMaximum && IsV5)
        {
            session.TryRelease(packetId); // it was not taken: the client sends it again
            MqttProtocolException.Throw(ReasonCode.ReceiveMaximumExceeded, $"More than {_limits.ReceiveMaximum} unacknowledged publishes."); // [MQTT-3.3.4-7]
        }

        return true;
    }

    // Why the client may not publish this; Success when it may.
    private ReasonCode Refusal(ReadOnlySpan<byte> topic, in PublishPacket packet)
    {
        if (packet.Qos == Qos.AtLeastOnce && IsInUse(packet.PacketId))
        {
            return ReasonCode.PacketIdentifierInUse;
        }

        if (Broker.Options.Mqtt.CheckPayloadFormat && !packet.IsPayloadFormatValid)
        {
            return RefusePayload(packet.Qos);
        }

        var rules = Broker.Authorizer.Version;
        if (!_lastTopic.IsPermitted(topic, packet.Qos, packet.Retain, rules))
        {
            if (RefusalOfTopic(topic, packet) is var refusal and not ReasonCode.Success)
            {
                return refusal;
            }

            _lastTopic.Permit(Broker.Router, topic, packet.Qos, packet.Retain, rules);
        }

        return MayRetain(topic, packet) ? ReasonCode.Success : ReasonCode.QuotaExceeded;
    }

    private ReasonCode RefusalOfTopic(ReadOnlySpan<byte> topic, in PublishPacket packet)
    {
        if (CheckTopic(topic, ReasonCode.TopicNameInvalid) is var refusal and not ReasonCode.Success)
        {
            return refusal;
        }

        var allowed = !topic.StartsWith(SystemTopics)
            && (Broker.Authorizer.AllowsEverything
                || Broker.Authorizer.IsAllowed(_session!.Identity, TopicAction.Publish, topic, packet.Qos, packet.Retain));
        if (!allowed)
        {
            OnDenied("publish to", topic);
        }

        return allowed ? ReasonCode.Success : ReasonCode.NotAuthorized;
    }

    // Without an acknowledgement there is only DISCONNECT to say it (section 3.3.2.3.2).
    private static ReasonCode RefusePayload(Qos qos)
    {
        if (qos == Qos.AtMostOnce)
        {
            MqttProtocolException.Throw(ReasonCode.PayloadFormatInvalid, "The payload is not UTF-8.");
        }

        return ReasonCode.PayloadFormatInvalid;
    }

    private void AcknowledgePublish(Qos qos, ushort packetId, ReasonCode code, long position, DeliveryBatch batch)
    {
        if (IsClosed)
        {
            return;
        }

        switch (qos)
        {
            case Qos.AtLeastOnce:
                AppendWhenStored(PacketType.PubAck, packetId, code, position, batch); // [MQTT-4.3.2-4] [MQTT-3.3.4-1] [MQTT-2.2.1-5]
                break; // the identifier is not remembered [MQTT-4.3.2-5]
            case Qos.ExactlyOnce:
                if (code.IsError() && IsV5)
                {
                    _session!.TryRelease(packetId); // [MQTT-4.3.3-9]: the exchange ends with an error in PUBREC
                    _receiving--;
                }

                AppendWhenStored(PacketType.PubRec, packetId, code, position, batch); // [MQTT-4.3.3-8] [MQTT-3.3.4-1] [MQTT-2.2.1-5] [MQTT-3.1.1: 3.3.5-2]
                break;
        }
    }
}
