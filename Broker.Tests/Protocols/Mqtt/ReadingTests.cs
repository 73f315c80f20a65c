using System.Text;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using NUnit.Framework;

namespace Broker.Tests.Protocols.Mqtt;

/// <summary>What the named packets say.</summary>
public class ReadingTests
{
    [Test]
    public void Every_named_packet_is_good()
    {
        foreach (var (version, hex) in NamedPackets.FromClient)
        {
            Assert.That(Wire.Fault(hex, version), Is.Null, hex);
        }

        foreach (var (version, hex) in NamedPackets.FromServer)
        {
            Assert.That(Wire.Fault(hex, version, PacketSender.Server), Is.Null, hex);
        }
    }

    [Test]
    public void Connect_of_3_1()
    {
        var packet = ConnectPacket.Read(Wire.Frame(NamedPackets.Connect31));
        Assert.That((packet.Version, packet.ProtocolName, packet.CleanStart, packet.KeepAlive, packet.ClientId),
            Is.EqualTo((MqttVersion.V31, "MQIsdp", true, (ushort)60, "dev01")));
    }

    [Test]
    public void Username_may_be_missing_in_3_1_although_its_flag_is_set()
    {
        var packet = ConnectPacket.Read(Wire.Frame(NamedPackets.Connect31UsernameFlagWithoutUsername));
        Assert.That((packet.Username, packet.Password), Is.EqualTo(((string?)null, (byte[]?)null)));
    }

    [Test]
    public void Connect_payload_order_MQTT_3_1_3_1()
    {
        var packet = ConnectPacket.Read(Wire.Frame(NamedPackets.Connect311WillAndLogin));
        Assert.That((packet.ClientId, packet.Username), Is.EqualTo(("dev", "u")));
        Assert.That(packet.Password, Is.EqualTo("pw"u8.ToArray()));
        Assert.That(packet.Will!.Topic, Is.EqualTo("w"u8.ToArray()));
        Assert.That(packet.Will.Payload, Is.EqualTo("of"u8.ToArray()));
        Assert.That((packet.Will.Qos, packet.Will.Retain), Is.EqualTo((Qos.AtLeastOnce, true)));
    }

    [Test]
    public void Connect_properties()
    {
        var packet = ConnectPacket.Read(Wire.Frame(NamedPackets.Connect5AllProperties));
        Assert.That(
            (packet.SessionExpiryInterval, packet.ReceiveMaximum, packet.MaximumPacketSize, packet.TopicAliasMaximum),
            Is.EqualTo((3600u, (ushort)20, (uint?)65536, (ushort)10)));
        Assert.That((packet.RequestResponseInformation, packet.RequestProblemInformation), Is.EqualTo((true, false)));
        Assert.That(packet.AuthenticationMethod, Is.EqualTo("PLAIN"));
        Assert.That(packet.AuthenticationData, Is.EqualTo(new byte[] { 0, 1 }));
        Assert.That(packet.UserProperties, Is.EqualTo(new[] { new UserProperty("k", "v") }));
    }

    [Test]
    public void Connect_defaults()
    {
        var packet = ConnectPacket.Read(Wire.Frame(NamedPackets.Connect5));
        Assert.That(
            (packet.SessionExpiryInterval, packet.ReceiveMaximum, packet.MaximumPacketSize, packet.TopicAliasMaximum),
            Is.EqualTo((0u, (ushort)65535, (uint?)null, (ushort)0)));
        Assert.That((packet.RequestResponseInformation, packet.RequestProblemInformation), Is.EqualTo((false, true)));
    }

    [Test]
    public void Will_user_properties_keep_their_order_MQTT_3_1_3_10()
    {
        var will = ConnectPacket.Read(Wire.Frame(NamedPackets.Connect5Will)).Will!;
        Assert.That((will.DelayInterval, will.MessageExpiryInterval), Is.EqualTo((5u, (uint?)60)));
        Assert.That(Wire.Hex(will.Properties), Is.EqualTo("26000162000131" + "26000161000132"));
    }

    [Test]
    public void Password_without_username_is_allowed_in_5() =>
        Assert.That(ConnectPacket.Read(Wire.Frame(NamedPackets.Connect5PasswordOnly)).Password, Is.EqualTo("p"u8.ToArray()));

    [TestCase("0004 4D515454 06", MqttVersion.V5)]
    [TestCase("0004 4D515454 05", MqttVersion.V5)]
    [TestCase("0004 4D515454 04", MqttVersion.V311)]
    [TestCase("0006 4D5149736470 02", MqttVersion.V31)]
    [TestCase("0004 4D515454 84", MqttVersion.V311)]
    public void Unknown_levels_are_answered_in_the_nearest_version_MQTT_3_1_2_2(string body, object expected)
    {
        Assert.That(ConnectPacket.TryPeekVersion(NamedPackets.Bytes(body), out var version));
        Assert.That(version, Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("0004 4D515454")]
    [TestCase("0004 48545450 05")]
    [TestCase("FFFF 4D515454 05")]
    public void What_does_not_begin_like_a_connect_has_no_version_MQTT_3_1_2_1(string body) =>
        Assert.That(ConnectPacket.TryPeekVersion(NamedPackets.Bytes(body), out _), Is.False);

    [Test]
    public void Bom_in_a_topic_is_kept_MQTT_1_5_4_3()
    {
        var packet = PublishPacket.Read(Wire.Frame("30 06 0003 EFBBBF 00"), MqttVersion.V5);
        Assert.That(Wire.Hex(packet.Topic), Is.EqualTo("EFBBBF"));
    }

    [Test]
    public void Publish_flags()
    {
        var packet = PublishPacket.Read(Wire.Frame(NamedPackets.PublishQos2DupRetain), MqttVersion.V311);
        Assert.That((packet.Dup, packet.Qos, packet.Retain, packet.PacketId), Is.EqualTo((true, Qos.ExactlyOnce, true, (ushort)10)));
        Assert.That(Encoding.UTF8.GetString(packet.Topic), Is.EqualTo("a/b"));
        Assert.That(Encoding.UTF8.GetString(packet.Payload), Is.EqualTo("hi"));
    }

    [Test]
    public void Publish_with_forwardable_properties_only_is_forwarded_as_it_is()
    {
        var packet = PublishPacket.Read(Wire.Frame(NamedPackets.Publish5ForwardableProperties), MqttVersion.V5);
        Assert.That(packet.PropertiesForwardable);
        var properties = PublishProperties.Read(packet.Properties);
        Assert.That((properties.ContentType, properties.ResponseTopic, properties.PayloadFormatIndicator), Is.EqualTo(("t", "r", (byte)1)));
    }

    [Test]
    public void User_properties_are_forwarded_in_order_MQTT_3_3_2_18()
    {
        var packet = PublishPacket.Read(Wire.Frame(NamedPackets.Publish5ExpiryBetweenUserProperties), MqttVersion.V5);
        var forwardable = new byte[packet.Properties.Length];
        var length = packet.CopyForwardableProperties(forwardable);
        Assert.That((packet.PropertiesForwardable, packet.MessageExpiryInterval), Is.EqualTo((false, (uint?)60)));
        Assert.That(Wire.Hex(forwardable.AsSpan(0, length)), Is.EqualTo("26000162000131" + "26000161000132"));
    }

    [Test]
    public void Topic_alias_may_stand_for_the_topic()
    {
        var packet = PublishPacket.Read(Wire.Frame(NamedPackets.Publish5AliasOnly), MqttVersion.V5);
        Assert.That((packet.Topic.Length, packet.TopicAlias), Is.EqualTo((0, (ushort)5)));
    }

    [TestCase("30 08 0001 61 02 01 01 FFFE", false)]
    [TestCase("30 08 0001 61 02 01 01 6869", true)]
    [TestCase("30 08 0001 61 02 01 00 FFFE", true)]
    public void Payload_format_is_checked_on_demand(string hex, bool expected) =>
        Assert.That(PublishPacket.Read(Wire.Frame(hex), MqttVersion.V5).IsPayloadFormatValid, Is.EqualTo(expected));

    [TestCase("6A 02 000A")]
    [TestCase("45 02 000A")]
    [TestCase("8A 06 000A 0001 23 01")]
    [TestCase("AA 05 000A 0001 23")]
    [TestCase("C8 00")]
    [TestCase("38 05 0001 61 6869")]
    public void Flags_that_3_1_leaves_open_are_not_judged(string hex) =>
        Assert.That(Wire.Fault(hex, MqttVersion.V31), Is.Null);

    [Test]
    public void Subscription_options()
    {
        var options = new List<SubscriptionOptions>();
        var packet = SubscribePacket.Read(Wire.Frame(NamedPackets.Subscribe5), MqttVersion.V5);
        foreach (var item in packet)
        {
            options.Add(item.Options);
        }

        Assert.That(packet.SubscriptionIdentifier, Is.EqualTo(128));
        Assert.That(options, Is.EqualTo(new[]
        {
            new SubscriptionOptions(Qos.AtLeastOnce, NoLocal: true, RetainAsPublished: true, RetainHandling.DoNotSend),
            new SubscriptionOptions(Qos.AtMostOnce),
        }));
    }
}
