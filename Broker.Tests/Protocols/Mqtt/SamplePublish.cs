using System.Text;
using Broker.Primitives;
using Broker.Protocols.Mqtt;

namespace Broker.Tests.Protocols.Mqtt;

/// <summary>What goes into a PUBLISH, to compare with what comes out.</summary>
internal sealed record SamplePublish(
    MqttVersion Version,
    byte[] Topic,
    byte[] Payload,
    byte[] Properties,
    Qos Qos,
    bool Retain,
    bool Dup,
    ushort PacketId,
    uint? Expiry,
    ushort TopicAlias,
    uint[] SubscriptionIdentifiers)
{
    public static SamplePublish Of(Random random, MqttVersion version)
    {
        var qos = (Qos)random.Next(3);
        var v5 = version == MqttVersion.V5;
        return new SamplePublish(
            version,
            Encoding.UTF8.GetBytes(SamplePackets.Topic(random)),
            SamplePackets.Blob(random),
            v5 ? SamplePackets.PublishProperties(random).EncodeForwardable() : [],
            qos,
            SamplePackets.Coin(random),
            qos != Qos.AtMostOnce && SamplePackets.Coin(random),
            qos == Qos.AtMostOnce ? (ushort)0 : SamplePackets.PacketId(random),
            v5 && SamplePackets.Coin(random) ? SamplePackets.UInt32(random) : null,
            v5 && SamplePackets.Coin(random) ? SamplePackets.PacketId(random) : (ushort)0,
            v5 ? [.. Enumerable.Range(0, random.Next(3)).Select(_ => (uint)random.Next(1, 268_435_456))] : []);
    }

    public byte[] Encode() => Encode(out _);

    public byte[] Encode(out int packetIdOffset)
    {
        var packet = new byte[MqttWriter.PublishSize(
            Version, Topic.Length, Properties.Length, Payload.Length, Qos, Expiry.HasValue, TopicAlias != 0, SubscriptionIdentifiers)];
        MqttWriter.WritePublish(
            packet, Version, Topic, Payload, Properties, Qos, Retain, Dup, PacketId, Expiry, TopicAlias, SubscriptionIdentifiers,
            out packetIdOffset);
        return packet;
    }
}
