using Broker.Connections;
using Broker.Core.Routing;
using Broker.Primitives;
using Broker.Protocols.Mqtt;

namespace Broker.Gateways.Mqtt;

internal sealed partial class MqttConnection
{
    private static readonly int FirstForm = EncodingCache.ReserveForms(16);

    /// <inheritdoc />
    public override AppendOutcome AppendPublish(in Publication publication, in DeliveryTerms terms, DeliveryBatch batch)
    {
        if (_aliasMaximum > 0 && publication.Topic.Length > AliasSize) // [MQTT-3.1.2-27]
        {
            return AppendAliased(publication, terms, batch);
        }

        if (terms.Duplicate || (IsV5 && terms.SubscriptionIdentifiers.Length > 0))
        {
            return AppendOwnEncoding(publication, publication.Topic, 0, terms, batch);
        }

        var frame = SharedEncoding(publication, terms, batch);
        if (frame.Length > _maximumPacketSize)
        {
            return AppendOutcome.TooLarge; // [MQTT-3.1.2-24]
        }

        var offset = terms.Qos == Qos.AtMostOnce ? 0 : PacketIdOffset(frame, publication.Topic.Length);
        return TryAppend(frame, offset, terms.PacketId) ? AppendOutcome.Appended : AppendOutcome.Full;
    }

    /// <inheritdoc />
    public override void AppendRelease(ushort packetId)
    {
        Span<byte> packet = stackalloc byte[MqttWriter.MaximumAckSize];
        AppendControl(packet[..MqttWriter.WriteAck(packet, PacketType.PubRel, _version, packetId, ReasonCode.Success)]);
    }

    private static int FormOf(bool v5, Qos qos, bool retain) => FirstForm + (v5 ? 8 : 0) + (retain ? 4 : 0) + (int)qos;

    // The encoding that all receivers with the same version, QoS and RETAIN flag share.
    private ReadOnlySpan<byte> SharedEncoding(in Publication publication, in DeliveryTerms terms, DeliveryBatch batch)
    {
        var form = FormOf(IsV5, terms.Qos, terms.Retain);
        if (publication.ArrivedForm == form)
        {
            return publication.ArrivedFrame;
        }

        if (batch.Encodings.TryGet(form, out var frame))
        {
            return frame;
        }

        var place = batch.Encodings.Add(form, SizeOf(publication, publication.Topic.Length, hasTopicAlias: false, terms));
        Encode(place, publication, publication.Topic, 0, terms, batch);
        return place;
    }

    private AppendOutcome AppendOwnEncoding(in Publication publication, ReadOnlySpan<byte> topic, ushort alias, in DeliveryTerms terms, DeliveryBatch batch)
    {
        var size = SizeOf(publication, topic.Length, alias != 0, terms);
        if (size > _maximumPacketSize)
        {
            return AppendOutcome.TooLarge;
        }

        var buffer = BufferPool.Rent(size);
        try
        {
            Encode(buffer.AsSpan(0, size), publication, topic, alias, terms, batch);
            return TryAppend(buffer.AsSpan(0, size)) ? AppendOutcome.Appended : AppendOutcome.Full;
        }
        finally
        {
            BufferPool.Return(buffer);
        }
    }

    private int SizeOf(in Publication publication, int topicLength, bool hasTopicAlias, in DeliveryTerms terms) => MqttWriter.PublishSize(
        _version,
        topicLength,
        publication.Properties.Length,
        publication.Payload.Length,
        terms.Qos,
        publication.ExpiresAt != Message.NeverExpires,
        hasTopicAlias,
        terms.SubscriptionIdentifiers);

    private void Encode(Span<byte> place, in Publication publication, ReadOnlySpan<byte> topic, ushort alias, in DeliveryTerms terms, DeliveryBatch batch)
    {
        // The Message Expiry Interval counts down while a message waits here [MQTT-3.3.2-6].
        uint? expiry = publication.ExpiresAt == Message.NeverExpires
            ? null
            : (uint)Math.Clamp((publication.ExpiresAt - batch.Now + 999) / 1000, 0, uint.MaxValue);
        MqttWriter.WritePublish(
            place,
            _version,
            topic,
            publication.Payload,
            publication.Properties,
            terms.Qos,
            terms.Retain,
            terms.Duplicate,
            terms.PacketId,
            expiry,
            alias,
            IsV5 ? terms.SubscriptionIdentifiers : default,
            out _);
    }

    // Behind the fixed header, whose length ends with the first byte below 0x80, and the Topic Name.
    private static int PacketIdOffset(ReadOnlySpan<byte> frame, int topicLength)
    {
        var header = 2;
        while (frame[header - 1] >= 0x80)
        {
            header++;
        }

        return header + sizeof(ushort) + topicLength;
    }
}
