using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Conformance;

/// <summary>What the specification calls a Protocol Error or a Malformed Packet without giving it an id of its own.</summary>
internal sealed class ProtocolErrorTests : ConformanceFixture
{
    private const int Will = 0;

    // Property by property: a value, where it may stand, and whether it may stand there more than once.
    private static readonly (string Property, string Name, int[] Packets)[] Properties =
    [
        ("01 01", "Payload Format Indicator", [0x30, Will]),
        ("02 0000003C", "Message Expiry Interval", [0x30, Will]),
        ("03 't'", "Content Type", [0x30, Will]),
        ("08 'r'", "Response Topic", [0x30, Will]),
        ("09 'd'", "Correlation Data", [0x30, Will]),
        ("0B 05", "Subscription Identifier", [0x82]),
        ("11 0000000A", "Session Expiry Interval", [0x10, 0xE0]),
        ("12 'x'", "Assigned Client Identifier", []),
        ("13 0005", "Server Keep Alive", []),
        ("15 'm'", "Authentication Method", [0x10, 0xF0]),
        ("16 'd'", "Authentication Data", [0x10, 0xF0]),
        ("17 01", "Request Problem Information", [0x10]),
        ("18 00000005", "Will Delay Interval", [Will]),
        ("19 01", "Request Response Information", [0x10]),
        ("1A 'x'", "Response Information", []),
        ("1C 'x'", "Server Reference", [0xE0]),
        ("1F 'x'", "Reason String", [0x40, 0x50, 0x62, 0x70, 0xE0, 0xF0]),
        ("21 0005", "Receive Maximum", [0x10]),
        ("22 0005", "Topic Alias Maximum", [0x10]),
        ("23 0001", "Topic Alias", [0x30]),
        ("24 01", "Maximum QoS", []),
        ("25 01", "Retain Available", []),
        ("27 00001000", "Maximum Packet Size", [0x10]),
        ("28 01", "Wildcard Subscription Available", []),
        ("29 01", "Subscription Identifier Available", []),
        ("2A 01", "Shared Subscription Available", []),
        ("00 01", "unknown 0", []),
        ("04 01", "unknown 4", []),
        ("2B 01", "unknown 43", []),
        ("7F 01", "unknown 127", []),
        ("8001 01", "unknown 128", []),
    ];

    private static readonly int[] Packets = [0x10, Will, 0x30, 0x40, 0x50, 0x62, 0x70, 0x82, 0xA2, 0xE0];

    private static IEnumerable<TestCaseData> Misplaced =>
        from property in Properties
        from packet in Packets.Except(property.Packets)
        where !(property.Property[..2] == "0B" && packet == 0x30) // a rule of its own
        select new TestCaseData(packet, property.Property).SetName($"{property.Name} in {NameOf(packet)}");

    private static IEnumerable<TestCaseData> Doubled =>
        from property in Properties
        from packet in property.Packets
        where packet != 0xF0
        select new TestCaseData(packet, property.Property).SetName($"{property.Name} twice in {NameOf(packet)}");

    private static IEnumerable<TestCaseData> Values =>
    [
        Value(0x10, "21 0000", "82", "Receive Maximum 0"),
        Value(0x10, "27 00000000", "82", "Maximum Packet Size 0"),
        Value(0x10, "17 02", "82", "Request Problem Information 2"),
        Value(0x10, "19 02", "82", "Request Response Information 2"),
        Value(0x10, "16 'd'", "82", "Authentication Data without a method"),
        Value(Will, "01 02", "82", "Payload Format Indicator 2"),
        Value(0x30, "01 02", "82", "Payload Format Indicator 2"),
        Value(0x30, "23 0000", "94", "Topic Alias 0"),
        Value(0x82, "0B 00", "82", "Subscription Identifier 0"),
        Value(0x82, "0B 80808001 0B 01", "82", "Subscription Identifier twice"),
    ];

    [TestCaseSource(nameof(Misplaced))]
    public void A_property_in_a_packet_that_cannot_have_it_is_malformed(int packet, string property) => AssertRefused(packet, property, "81");

    [TestCaseSource(nameof(Doubled))]
    public void A_property_that_appears_twice_is_a_protocol_error(int packet, string property) => AssertRefused(packet, $"{property} {property}", "82");

    [TestCaseSource(nameof(Values))]
    public void A_value_that_is_not_allowed_is_an_error(int packet, string properties, string code) => AssertRefused(packet, properties, code);

    [TestCase(0x10)]
    [TestCase(Will)]
    [TestCase(0x30)]
    [TestCase(0x40)]
    [TestCase(0x50)]
    [TestCase(0x62)]
    [TestCase(0x70)]
    [TestCase(0x82)]
    [TestCase(0xA2)]
    [TestCase(0xE0)]
    public void User_properties_may_appear_anywhere_and_often(int packet)
    {
        MqttClient client = Send(packet, "26 'a' '1' 26 'a' '1' 26 'b' ''");

        Assert.That((client.Packets().Any(static one => one.StartsWith("DISCONNECT", StringComparison.Ordinal)), client.IsClosed), Is.EqualTo((false, packet == 0xE0)));
    }

    [TestCase(0x10)]
    [TestCase(Will)]
    [TestCase(0x30)]
    [TestCase(0x40)]
    [TestCase(0x82)]
    [TestCase(0xA2)]
    [TestCase(0xE0)]
    public void A_property_that_is_cut_off_by_its_section_is_malformed(int packet) => AssertRefused(packet, "26 'a' 000562", "81");

    [TestCase(0x82, "0001 00 'a' 03", "82", TestName = "Maximum QoS 3")]
    [TestCase(0x82, "0001 00 'a' 30", "82", TestName = "Retain Handling 3")]
    [TestCase(0x82, "0001 00 'a'", "81", TestName = "filter without options")]
    [TestCase(0x82, "0001 00 'a' 00 'b'", "81", TestName = "second filter without options")]
    [TestCase(0x82, "00", "81", TestName = "SUBSCRIBE cut off in its identifier")]
    [TestCase(0xA2, "0001 00 0005 ~ab", "81", TestName = "filter cut off")]
    [TestCase(0x30, "'' 00 ~x", "82", TestName = "neither topic nor alias")]
    [TestCase(0x30, "'' ( 23 0007 ) ~x", "82", TestName = "alias that stands for nothing")]
    [TestCase(0x30, "0005 ~ab", "81", TestName = "topic cut off")]
    [TestCase(0x30, "'a' 7F ~x", "81", TestName = "properties beyond the packet")]
    [TestCase(0x32, "'a' 00", "81", TestName = "PUBLISH cut off in its identifier")]
    [TestCase(0x40, "00", "81", TestName = "PUBACK cut off")]
    [TestCase(0x40, "0000", "82", TestName = "PUBACK with identifier 0")]
    [TestCase(0x40, "0001 00 00 00", "81", TestName = "PUBACK with more behind it")]
    [TestCase(0xC0, "00", "81", TestName = "PINGREQ with a body")]
    [TestCase(0xE0, "00 00 00", "81", TestName = "DISCONNECT with more behind it")]
    [TestCase(0x20, "00 00 00", "82", TestName = "CONNACK from a client")]
    [TestCase(0x90, "0001 00 00", "82", TestName = "SUBACK from a client")]
    [TestCase(0xB0, "0001 00 00", "82", TestName = "UNSUBACK from a client")]
    [TestCase(0xD0, "", "82", TestName = "PINGRESP from a client")]
    public void Other_errors_of_5(int first, string body, string code)
    {
        MqttClient client = Connect(V5);

        client.Send((byte)first, body);

        AssertClosed(client, V5, code);
    }

    [TestCase(0x40, "0001 00", TestName = "3.1.1 PUBACK with a code")]
    [TestCase(0x82, "0001 00 'a' 00", TestName = "3.1.1 SUBSCRIBE with properties")]
    [TestCase(0xE0, "00", TestName = "3.1.1 DISCONNECT with a code")]
    [TestCase(0xF0, "", TestName = "3.1.1 AUTH")]
    [TestCase(0xC0, "00", TestName = "3.1.1 PINGREQ with a body")]
    [TestCase(0x20, "00 00", TestName = "3.1.1 CONNACK from a client")]
    [TestCase(0x90, "0001 00", TestName = "3.1.1 SUBACK from a client")]
    [TestCase(0xD0, "", TestName = "3.1.1 PINGRESP from a client")]
    public void Errors_of_3_1_1_close_without_a_word(int first, string body)
    {
        MqttClient client = Connect(V311);

        client.Send((byte)first, body);

        AssertClosed(client, V311, "");
    }

    [TestCase(V31)]
    [TestCase(V311)]
    public void Nothing_of_5_leaks_into_older_versions(MqttVersion version)
    {
        MqttClient client = MqttClient.Open(Server, "c1", version);
        client.Subscribe("a", new SubscriptionOptions(Primitives.Qos.AtLeastOnce));
        client.Publish("nobody", "x", Primitives.Qos.AtLeastOnce, packetId: 1);
        Connect(V5, "five").Send(0x30, "'a' ( 01 01 03 't' 26 'k' 'v' ) ~x");
        client.Unsubscribe("none");

        Assert.That(client.Hex(), Is.EqualTo(new[] { "20020000", "9003000101", "40020001", "300400016178", "B0020001" }));
    }

    private static TestCaseData Value(int packet, string properties, string code, string name) =>
        new TestCaseData(packet, properties, code).SetName($"{name} in {NameOf(packet)}");

    private static string NameOf(int packet) => packet == Will ? "Will" : $"{(PacketType)(packet >> 4)}";

    private MqttClient Send(int packet, string properties) => packet switch
    {
        0x10 => Open(V5).Send(0x10, $"'MQTT' 05 02 003C ( {properties} ) 'c1'"),
        Will => Open(V5).Send(0x10, Head(V5, "06") + $"'c1' ( {properties} ) 'will' 'gone'"),
        0x30 => Connect(V5).Send(0x30, $"'a' ( {properties} ) ~x"),
        0x82 => Connect(V5).Send(0x82, $"0001 ( {properties} ) 'a' 00"),
        0xA2 => Connect(V5).Send(0xA2, $"0001 ( {properties} ) 'a'"),
        0xE0 => Connect(V5, change: static connect => connect.SessionExpiryInterval = 9).Send(0xE0, $"00 ( {properties} )"),
        _ => Connect(V5).Send((byte)packet, $"0001 00 ( {properties} )"),
    };

    private void AssertRefused(int packet, string properties, string code)
    {
        MqttClient client = Send(packet, properties);

        string answer = packet is 0x10 or Will ? "CONNACK" : "DISCONNECT";
        Assert.That((client.Packets(), client.IsClosed), Is.EqualTo((new[] { $"{answer} {code}" }, true)));
    }
}
