using Broker.Protocols.Mqtt;
using FsCheck;
using NUnit.Framework;

namespace Broker.Tests.Protocols.Mqtt;

/// <summary>What is written reads back as it was, for every packet type and version.</summary>
public class RoundTripTests
{
    [FsCheck.NUnit.Property]
    public void Connect(NonNegativeInt seed)
    {
        var packet = SamplePackets.ConnectPacket(new Random(seed.Get));
        var read = ConnectPacket.Read(Wire.Frame(Wire.Written(to => MqttWriter.WriteConnect(to, packet))));
        Assert.That(read, Is.EqualTo(packet).UsingPropertiesComparer());
        ConnectPacket.Reuse(read); // the next one must show nothing of it
    }

    [Test]
    public void An_object_that_is_not_needed_any_more_serves_the_next_CONNECT()
    {
        var bytes = Wire.Written(to => MqttWriter.WriteConnect(to, new ConnectPacket { ClientId = "c" }));
        var first = ConnectPacket.Read(Wire.Frame(bytes));
        ConnectPacket.Reuse(first);

        Assert.That(ConnectPacket.Read(Wire.Frame(bytes)), Is.SameAs(first));
        Assert.That(ConnectPacket.Read(Wire.Frame(bytes)), Is.Not.SameAs(first));
    }

    [FsCheck.NUnit.Property]
    public void ConnAck(NonNegativeInt seed)
    {
        var random = new Random(seed.Get);
        var version = SamplePackets.Version(random);
        var packet = SamplePackets.ConnAck(random, version);
        var read = ConnAckPacket.Read(Wire.Frame(Wire.Written(to => MqttWriter.WriteConnAck(to, version, packet))), version);
        Assert.That(read, Is.EqualTo(packet).UsingPropertiesComparer());
    }

    [FsCheck.NUnit.Property]
    public void Publish(NonNegativeInt seed)
    {
        var random = new Random(seed.Get);
        var sample = SamplePublish.Of(random, SamplePackets.Version(random));
        var bytes = sample.Encode(out var packetIdOffset);
        var read = PublishPacket.Read(Wire.Frame(bytes), sample.Version, PacketSender.Server);
        var forwardable = new byte[read.Properties.Length];
        var length = read.CopyForwardableProperties(forwardable);
        var back = new SamplePublish(
            sample.Version, read.Topic.ToArray(), read.Payload.ToArray(), forwardable[..length], read.Qos, read.Retain, read.Dup,
            read.PacketId, read.MessageExpiryInterval, read.TopicAlias,
            [.. PublishProperties.Read(read.Properties).SubscriptionIdentifiers]);
        Assert.That(back, Is.EqualTo(sample).UsingPropertiesComparer());
        Assert.That(read.PropertiesForwardable, Is.EqualTo(read.Properties.Length == length));
        Assert.That(packetIdOffset < 0, Is.EqualTo(sample.PacketId == 0));
    }

    [FsCheck.NUnit.Property]
    public void PublishPropertyValues(NonNegativeInt seed)
    {
        var properties = SamplePackets.PublishProperties(new Random(seed.Get));
        Assert.That(PublishProperties.Read(properties.EncodeForwardable()), Is.EqualTo(properties).UsingPropertiesComparer());
    }

    [FsCheck.NUnit.Property]
    public void Acknowledgements(NonNegativeInt seed, bool withReason)
    {
        var random = new Random(seed.Get);
        var version = withReason ? MqttVersion.V5 : SamplePackets.Version(random);
        var type = (PacketType)random.Next((int)PacketType.PubAck, (int)PacketType.PubComp + 1);
        var failure = type > PacketType.PubRec ? ReasonCode.PacketIdentifierNotFound : ReasonCode.QuotaExceeded;
        var code = version == MqttVersion.V5 && SamplePackets.Coin(random) ? failure : ReasonCode.Success;
        var id = SamplePackets.PacketId(random);
        var shortest = new byte[MqttWriter.MaximumAckSize];
        var packet = withReason
            ? Wire.Written(to => MqttWriter.WriteAck(to, type, id, code, "why", SamplePackets.UserProperties(random)))
            : shortest[..MqttWriter.WriteAck(shortest, type, version, id, code)];
        var frame = Wire.Frame(packet);
        var read = AckPacket.Read(frame, version);
        Assert.That((frame.Type, read.PacketId, read.ReasonCode), Is.EqualTo((type, id, code)));
    }

    [FsCheck.NUnit.Property]
    public void Subscribe(NonNegativeInt seed)
    {
        var random = new Random(seed.Get);
        var version = SamplePackets.Version(random);
        var items = Enumerable.Range(0, random.Next(1, 5))
            .Select(_ => (SamplePackets.Topic(random), SamplePackets.Options(random, version))).ToList();
        var identifier = version == MqttVersion.V5 ? (uint)random.Next(300) : 0;
        var packet = Wire.Written(to =>
            MqttWriter.WriteSubscribe(to, version, 7, items, identifier, SamplePackets.UserProperties(random)));
        var read = SubscribePacket.Read(Wire.Frame(packet), version);
        var back = new List<(string, SubscriptionOptions)>();
        foreach (var item in read)
        {
            back.Add((System.Text.Encoding.UTF8.GetString(item.Filter), item.Options));
        }

        Assert.That((read.PacketId, read.SubscriptionIdentifier, read.Count), Is.EqualTo(((ushort)7, identifier, items.Count)));
        Assert.That(back, Is.EqualTo(items));
    }

    [FsCheck.NUnit.Property]
    public void Unsubscribe(NonNegativeInt seed)
    {
        var random = new Random(seed.Get);
        var version = SamplePackets.Version(random);
        var filters = Enumerable.Range(0, random.Next(1, 5)).Select(_ => SamplePackets.Topic(random)).ToList();
        var packet = Wire.Written(to => MqttWriter.WriteUnsubscribe(to, version, 7, filters, SamplePackets.UserProperties(random)));
        var read = UnsubscribePacket.Read(Wire.Frame(packet), version);
        var back = new List<string>();
        foreach (var filter in read)
        {
            back.Add(System.Text.Encoding.UTF8.GetString(filter));
        }

        Assert.That((read.PacketId, read.Count), Is.EqualTo(((ushort)7, filters.Count)));
        Assert.That(back, Is.EqualTo(filters));
    }

    [FsCheck.NUnit.Property]
    public void SubAck(NonNegativeInt seed)
    {
        var random = new Random(seed.Get);
        ReasonCode[] codes = [ReasonCode.GrantedQos1, ReasonCode.TopicFilterInvalid, ReasonCode.GrantedQos0];
        var packet = new SubAckPacket
        {
            PacketId = 7,
            ReasonCodes = codes,
            ReasonString = SamplePackets.Text(random),
            UserProperties = SamplePackets.UserProperties(random),
        };
        var bytes = Wire.Written(to =>
            MqttWriter.WriteSubAck(to, MqttVersion.V5, 7, codes, packet.ReasonString, packet.UserProperties));
        Assert.That(SubAckPacket.Read(Wire.Frame(bytes), MqttVersion.V5), Is.EqualTo(packet).UsingPropertiesComparer());
    }

    [FsCheck.NUnit.Property]
    public void UnsubAck(NonNegativeInt seed)
    {
        var random = new Random(seed.Get);
        ReasonCode[] codes = [ReasonCode.Success, ReasonCode.NoSubscriptionExisted, ReasonCode.NotAuthorized];
        var packet = new SubAckPacket
        {
            PacketId = 7,
            ReasonCodes = codes,
            ReasonString = SamplePackets.Text(random),
            UserProperties = SamplePackets.UserProperties(random),
        };
        var bytes = Wire.Written(to =>
            MqttWriter.WriteUnsubAck(to, MqttVersion.V5, 7, codes, packet.ReasonString, packet.UserProperties));
        Assert.That(SubAckPacket.Read(Wire.Frame(bytes), MqttVersion.V5), Is.EqualTo(packet).UsingPropertiesComparer());
    }

    [FsCheck.NUnit.Property]
    public void Disconnect(NonNegativeInt seed)
    {
        var packet = SamplePackets.Disconnect(new Random(seed.Get));
        var bytes = Wire.Written(to => MqttWriter.WriteDisconnect(to, MqttVersion.V5, packet));
        Assert.That(DisconnectPacket.Read(Wire.Frame(bytes), MqttVersion.V5), Is.EqualTo(packet).UsingPropertiesComparer());
    }

    [FsCheck.NUnit.Property]
    public void Auth(NonNegativeInt seed)
    {
        var packet = SamplePackets.Auth(new Random(seed.Get));
        var bytes = Wire.Written(to => MqttWriter.WriteAuth(to, packet));
        Assert.That(AuthPacket.Read(Wire.Frame(bytes), MqttVersion.V5), Is.EqualTo(packet).UsingPropertiesComparer());
    }
}
