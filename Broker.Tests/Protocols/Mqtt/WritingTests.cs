using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Conformance;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Protocols.Mqtt;

/// <summary>Bytes that leave the broker.</summary>
public class WritingTests
{
    private static readonly List<UserProperty> One = [new("k", "v")];

    [Test]
    public void Connack_of_3_1_1_has_return_code_and_no_properties()
    {
        var packet = new ConnAckPacket { ReturnCode = ConnectReturnCode.NotAuthorized, ReasonString = "no" };
        var bytes = Wire.Written(to => MqttWriter.WriteConnAck(to, MqttVersion.V311, packet));
        Assert.That(Wire.Hex(bytes), Is.EqualTo("20020005"));
    }

    [Test]
    public void Connack_of_3_1_has_no_session_present()
    {
        var bytes = Wire.Written(to => MqttWriter.WriteConnAck(to, MqttVersion.V31, new ConnAckPacket { SessionPresent = true }));
        Assert.That(Wire.Hex(bytes), Is.EqualTo("20020000"));
    }

    [Test]
    public void Empty_property_section_is_a_zero_MQTT_2_2_2_1()
    {
        var bytes = Wire.Written(to => MqttWriter.WriteConnAck(to, MqttVersion.V5, new ConnAckPacket()));
        Assert.That(Wire.Hex(bytes), Is.EqualTo("2003000000"));
    }

    [TestCase(17u, true, true)]
    [TestCase(16u, true, false)]
    [TestCase(10u, true, false)]
    [TestCase(9u, false, false)]
    public void Diagnostics_stay_within_maximum_packet_size_MQTT_3_2_2_19_MQTT_3_2_2_20(
        uint maximum, bool reason, bool userProperty)
    {
        var packet = new ConnAckPacket { ReasonCode = ReasonCode.NotAuthorized, ReasonString = "no", UserProperties = One };
        var bytes = Wire.Written(to => MqttWriter.WriteConnAck(to, MqttVersion.V5, packet, maximum));
        var read = ConnAckPacket.Read(Wire.Frame(bytes), MqttVersion.V5);
        Assert.That(bytes, Has.Length.LessThanOrEqualTo(maximum));
        Assert.That((read.ReasonString is not null, read.UserProperties.Count > 0), Is.EqualTo((reason, userProperty)));
    }

    [Test]
    public void Acknowledgements_take_the_shortest_form()
    {
        var bytes = new byte[MqttWriter.MaximumAckSize];
        var length = MqttWriter.WriteAck(bytes, PacketType.PubRel, MqttVersion.V5, 10, ReasonCode.Success);
        Assert.That(Wire.Hex(bytes.AsSpan(0, length)), Is.EqualTo("6202000A"));
        length = MqttWriter.WriteAck(bytes, PacketType.PubRec, MqttVersion.V5, 10, ReasonCode.QuotaExceeded);
        Assert.That(Wire.Hex(bytes.AsSpan(0, length)), Is.EqualTo("5003000A97"));
        length = MqttWriter.WriteAck(bytes, PacketType.PubAck, MqttVersion.V311, 10, ReasonCode.QuotaExceeded);
        Assert.That(Wire.Hex(bytes.AsSpan(0, length)), Is.EqualTo("4002000A"));
    }

    [TestCase(11u, "4009000A97051F00026E6F")]
    [TestCase(10u, "4004000A9700")]
    public void Reason_string_stays_within_maximum_packet_size_MQTT_3_4_2_2(uint maximum, string expected)
    {
        var bytes = Wire.Written(to =>
            MqttWriter.WriteAck(to, PacketType.PubAck, 10, ReasonCode.QuotaExceeded, "no", maximumPacketSize: maximum));
        Assert.That(Wire.Hex(bytes), Is.EqualTo(expected));
    }

    [Test]
    [Statement("3.1.1", "MQTT-3.9.3-2")]
    public void Failures_are_0x80_in_a_suback_before_5()
    {
        var bytes = Wire.Written(to =>
            MqttWriter.WriteSubAck(to, MqttVersion.V311, 10, [ReasonCode.GrantedQos1, ReasonCode.NotAuthorized]));
        Assert.That(Wire.Hex(bytes), Is.EqualTo("9004000A0180"));
    }

    [Test]
    public void Unsuback_has_no_codes_before_5()
    {
        var bytes = Wire.Written(to => MqttWriter.WriteUnsubAck(to, MqttVersion.V311, 10, [ReasonCode.NoSubscriptionExisted]));
        Assert.That(Wire.Hex(bytes), Is.EqualTo("B002000A"));
    }

    [TestCase(MqttVersion.V5, ReasonCode.NormalDisconnection, "E000")]
    [TestCase(MqttVersion.V5, ReasonCode.KeepAliveTimeout, "E0018D")]
    [TestCase(MqttVersion.V311, ReasonCode.KeepAliveTimeout, "E000")]
    public void Disconnect_takes_the_shortest_form(object version, object code, string expected)
    {
        var packet = new DisconnectPacket { ReasonCode = (ReasonCode)code };
        Assert.That(Wire.Hex(Wire.Written(to => MqttWriter.WriteDisconnect(to, (MqttVersion)version, packet))), Is.EqualTo(expected));
    }

    [Test]
    public void A_cached_publish_takes_another_packet_id_and_dup()
    {
        var packet = new byte[MqttWriter.PublishSize(MqttVersion.V311, 3, 0, 2, Qos.AtLeastOnce)];
        MqttWriter.WritePublish(
            packet, MqttVersion.V311, "a/b"u8, "hi"u8, default, Qos.AtLeastOnce, false, false, 1, null, 0, default, out var offset);
        MqttWriter.PatchPacketId(packet, offset, 0x1234);
        MqttWriter.PatchDup(packet);
        Assert.That(Wire.Hex(packet), Is.EqualTo("3A090003612F6212346869"));
    }

    [Test]
    public void Qos_0_publish_never_has_dup_MQTT_3_3_1_2()
    {
        var packet = new byte[MqttWriter.PublishSize(MqttVersion.V311, 1, 0, 0, Qos.AtMostOnce)];
        MqttWriter.WritePublish(
            packet, MqttVersion.V311, "a"u8, default, default, Qos.AtMostOnce, true, true, 0, null, 0, default, out var offset);
        Assert.That(Wire.Hex(packet), Is.EqualTo("3103000161"));
        Assert.That(offset, Is.EqualTo(-1));
    }

    [Test]
    public void The_hot_path_allocates_nothing()
    {
        var sample = SamplePublish.Of(new Random(1), MqttVersion.V5);
        var publish = sample.Encode();
        var ack = NamedPackets.Bytes(NamedPackets.PubAck5WithReason);
        var room = new byte[512];

        Assert.That(Allocations.Of(() => HotPath(publish, ack, room)), Is.Zero);
    }

    private static void HotPath(byte[] publish, byte[] ack, byte[] room)
    {
        MqttFrame.TryRead(publish, int.MaxValue, out var frame, out _);
        var packet = PublishPacket.Read(frame, MqttVersion.V5, PacketSender.Server);
        var length = packet.CopyForwardableProperties(room);
        MqttWriter.WritePublish(
            room.AsSpan(256), MqttVersion.V5, packet.Topic, packet.Payload, room.AsSpan(0, length), packet.Qos, packet.Retain, false, 1,
            packet.MessageExpiryInterval, 0, [], out _);
        MqttFrame.TryRead(ack, int.MaxValue, out frame, out _);
        var read = AckPacket.Read(frame, MqttVersion.V5);
        MqttWriter.WriteAck(room, PacketType.PubAck, MqttVersion.V5, read.PacketId, read.ReasonCode);
        MqttFrame.TryRead(MqttWriter.PingReq, int.MaxValue, out frame, out _);
        PingPacket.Read(frame, MqttVersion.V5);
    }
}
