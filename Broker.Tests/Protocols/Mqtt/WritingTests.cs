using System.Buffers;
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

    [TestCase(MqttVersion.V311, "102000044D51545404C6003C00026331000177000167000475736572000470617373")]
    [TestCase(MqttVersion.V5, "102200044D51545405C6003C000002633100000177000167000475736572000470617373")]
    [Statement("3.1.1", "MQTT-3.1.3-1")]
    [Statement("5.0", "MQTT-3.1.3-1")]
    public void Connect_writes_its_payload_in_order(object version, string expected)
    {
        var packet = new ConnectPacket { Version = (MqttVersion)version, ClientId = "c1", CleanStart = true, KeepAlive = 60, Username = "user", Password = "pass"u8.ToArray() };
        packet.Will = new WillPacket { Topic = "w"u8.ToArray(), Payload = "g"u8.ToArray() };
        Assert.That(Wire.Hex(Wire.Written(to => MqttWriter.WriteConnect(to, packet))), Is.EqualTo(expected));
    }

    [Test]
    [Statement("3.1.1", "MQTT-3.8.1-1", "MQTT-3.10.1-1")]
    [Statement("5.0", "MQTT-3.8.1-1", "MQTT-3.10.1-1")]
    public void Subscribe_and_unsubscribe_have_their_reserved_flags()
    {
        Assert.That(Wire.Hex(Wire.Written(to => MqttWriter.WriteSubscribe(to, MqttVersion.V311, 10, [("a", new(Qos.AtLeastOnce))]))), Is.EqualTo("8206000A00016101"));
        Assert.That(Wire.Hex(Wire.Written(to => MqttWriter.WriteUnsubscribe(to, MqttVersion.V311, 10, ["a"]))), Is.EqualTo("A205000A000161"));
    }

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

    private static IEnumerable<TestCaseData> Diagnostics => from packet in new (string Name, string Statements, Action<IBufferWriter<byte>, uint> Write)[]
        {
            ("PUBACK", "3.4.2-2 3.4.2-3", static (to, maximum) => MqttWriter.WriteAck(to, PacketType.PubAck, 10, ReasonCode.QuotaExceeded, "no", One, maximum)),
            ("PUBREC", "3.5.2-2 3.5.2-3", static (to, maximum) => MqttWriter.WriteAck(to, PacketType.PubRec, 10, ReasonCode.QuotaExceeded, "no", One, maximum)),
            ("PUBREL", "3.6.2-2 3.6.2-3", static (to, maximum) => MqttWriter.WriteAck(to, PacketType.PubRel, 10, ReasonCode.PacketIdentifierNotFound, "no", One, maximum)),
            ("PUBCOMP", "3.7.2-2 3.7.2-3", static (to, maximum) => MqttWriter.WriteAck(to, PacketType.PubComp, 10, ReasonCode.PacketIdentifierNotFound, "no", One, maximum)),
            ("SUBACK", "3.9.2-1 3.9.2-2", static (to, maximum) => MqttWriter.WriteSubAck(to, MqttVersion.V5, 10, [ReasonCode.NotAuthorized], "no", One, maximum)),
            ("UNSUBACK", "3.11.2-1 3.11.2-2", static (to, maximum) => MqttWriter.WriteUnsubAck(to, MqttVersion.V5, 10, [ReasonCode.NotAuthorized], "no", One, maximum)),
            ("DISCONNECT", "3.14.2-3 3.14.2-4", static (to, maximum) => MqttWriter.WriteDisconnect(
                to, MqttVersion.V5, new DisconnectPacket { ReasonCode = ReasonCode.NotAuthorized, ReasonString = "no", UserProperties = One }, maximum)),
        }
                                                            select packet.Statements.Split(' ').Aggregate(
                                                                new TestCaseData(packet.Write).SetName($"Diagnostics_of_{packet.Name}_stay_within_maximum_packet_size"),
                                                                static (data, id) => data.SetProperty(StatementAttribute.CaseProperty, $"5.0 MQTT-{id}"));

    [TestCaseSource(nameof(Diagnostics))]
    public void Diagnostics_stay_within_maximum_packet_size(Action<IBufferWriter<byte>, uint> write)
    {
        int Length(uint maximum) => Wire.Written(to => write(to, maximum)).Length;
        int bare = Length(4);
        int both = Length(uint.MaxValue);
        int reason = both - 7; // the User Property

        Assert.That((Length((uint)both), Length((uint)both - 1), Length((uint)reason), Length((uint)reason - 1)), Is.EqualTo((both, reason, reason, bare)));
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
    [Statement("3.1.1", "MQTT-3.3.1-2", "MQTT-4.3.1-1")]
    [Statement("5.0", "MQTT-4.3.1-1")]
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
