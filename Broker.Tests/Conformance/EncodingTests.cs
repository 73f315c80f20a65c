using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Conformance;

/// <summary>Strings, integers, fixed header, properties: what every packet is made of.</summary>
internal sealed class EncodingTests : ConformanceFixture
{
    // A string in each place where there is one: first byte, what is before it and what is behind it.
    private static readonly (MqttVersion Version, byte First, string Before, string After)[] Strings =
    [
        (V311, 0x30, "", "~x"), (V5, 0x30, "", "00 ~x"), (V5, 0x30, "'a' ( 03", ") ~x"), (V5, 0x30, "'a' ( 08", ") ~x"),
        (V5, 0x30, "'a' ( 26 'k'", ") ~x"), (V5, 0x30, "'a' ( 26", "'v' ) ~x"), (V311, 0x82, "0001", "00"), (V5, 0x82, "0001 00", "00"),
        (V5, 0x82, "0001 ( 26 'k'", ") 'a' 00"), (V311, 0xA2, "0001", ""), (V5, 0xA2, "0001 00", ""), (V5, 0xA2, "0001 ( 26", "'v' ) 'a'"),
        (V5, 0x40, "0001 00 ( 1F", ")"), (V5, 0x50, "0001 00 ( 26 'k'", ")"), (V5, 0x62, "0001 00 ( 1F", ")"), (V5, 0x70, "0001 00 ( 1F", ")"),
        (V5, 0xE0, "00 ( 1F", ")"), (V5, 0xE0, "00 ( 26", "'v' )"),
    ];

    [TestCase("0001FF", TestName = "no UTF-8")]
    [TestCase("0002C080", TestName = "overlong")]
    [TestCase("0003EDA080", TestName = "surrogate")]
    [TestCase("0006EDA080EDB080", TestName = "pair of surrogates")]
    [TestCase("0004F4908080", TestName = "above U+10FFFF")]
    [Statement("3.1.1", "MQTT-1.5.3-1")]
    [Statement("5.0", "MQTT-1.5.4-1", "MQTT-1.5.7-1")]
    public void Ill_formed_UTF8_is_malformed(string text) => AssertMalformedInEveryPlace(text);

    [TestCase("000100")]
    [TestCase("0003610062")]
    [Statement("3.1.1", "MQTT-1.5.3-2")]
    [Statement("5.0", "MQTT-1.5.4-2", "MQTT-1.5.7-1")]
    public void U0000_is_malformed(string text) => AssertMalformedInEveryPlace(text);

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-1.5.3-3")]
    [Statement("5.0", "MQTT-1.5.4-3")]
    public void A_byte_order_mark_is_a_character_like_others(MqttVersion version)
    {
        MqttClient client = Connect(version).Subscribed("\uFEFFa");
        MqttClient without = Connect(version, "without").Subscribed("a");

        client.Send(0x30, $"0004EFBBBF61 {NoProperties(version)} ~x");

        Assert.That(client.Hex(), Is.EqualTo(new[] { version == V5 ? "30080004EFBBBF610078" : "30070004EFBBBF6178" }));
        Assert.That(without.Packets(), Is.Empty);
    }

    [TestCase("30 8000")]
    [TestCase("30 858000 000161 00 78")]
    [TestCase("30 FFFFFFFF7F")]
    [TestCase("30 06 000161 8000 78")]
    [TestCase("82 0A 0001 03 0B8100 000161 00")]
    [Statement("5.0", "MQTT-1.5.5-1")]
    public void A_padded_Variable_Byte_Integer_is_malformed(string packet)
    {
        MqttClient client = Connect(V5);

        client.Connection.Send(PacketText.Bytes(packet));

        AssertClosed(client, V5, "81");
    }

    [TestCase(0x41, "0001")]
    [TestCase(0x52, "0001")]
    [TestCase(0x60, "0001")]
    [TestCase(0x63, "0001")]
    [TestCase(0x6A, "0001")]
    [TestCase(0x78, "0001")]
    [TestCase(0x80, "0001 @ 'a' 00")]
    [TestCase(0x83, "0001 @ 'a' 00")]
    [TestCase(0x8A, "0001 @ 'a' 00")]
    [TestCase(0xA0, "0001 @ 'a'")]
    [TestCase(0xA6, "0001 @ 'a'")]
    [TestCase(0xC1, "")]
    [TestCase(0xE1, "")]
    [TestCase(0xE8, "")]
    [Statement("3.1.1", "MQTT-2.2.2-1", "MQTT-2.2.2-2", "MQTT-3.6.1-1", "MQTT-3.8.1-1", "MQTT-3.10.1-1", "MQTT-3.14.1-1")]
    [Statement("5.0", "MQTT-2.1.3-1", "MQTT-3.6.1-1", "MQTT-3.8.1-1", "MQTT-3.10.1-1", "MQTT-3.14.1-1")]
    public void Wrong_flags_of_the_fixed_header_are_malformed(int first, string body)
    {
        foreach (MqttVersion version in new[] { V311, V5 })
        {
            MqttClient client = Connect(version);
            client.Send((byte)first, body.Replace("@", NoProperties(version), StringComparison.Ordinal));
            AssertClosed(client, version, "81");
        }
    }

    [TestCase(V311, "11")]
    [TestCase(V5, "18")]
    [Statement("3.1.1", "MQTT-2.2.2-1", "MQTT-2.2.2-2")]
    [Statement("5.0", "MQTT-2.1.3-1")]
    public void Wrong_flags_of_a_CONNECT_are_malformed(MqttVersion version, string first)
    {
        MqttClient client = Open(version).Send(Convert.FromHexString(first)[0], Head(version, "02") + "'c1'");

        Assert.That((client.Packets(), client.IsClosed), Is.EqualTo((version == V5 ? ["CONNACK 81"] : Array.Empty<string>(), true)));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    public void Packet_type_0_is_malformed(MqttVersion version)
    {
        MqttClient client = Connect(version);

        client.Connection.Send(0x00, 0x00);

        AssertClosed(client, version, "81");
    }

    [TestCase(0x30, "'a' ~x", TestName = "PUBLISH")]
    [TestCase(0x82, "0001 'a' 00", TestName = "SUBSCRIBE")]
    [TestCase(0xA2, "0001 'a'", TestName = "UNSUBSCRIBE")]
    [Statement("5.0", "MQTT-2.2.2-1")]
    public void A_missing_Property_Length_is_not_an_empty_one(int first, string body)
    {
        MqttClient client = Connect(V5);

        client.Send((byte)first, body);

        AssertClosed(client, V5, "81");
    }

    [TestCase(0x40, "0001")]
    [TestCase(0x40, "0001 00")]
    [TestCase(0x40, "0001 00 00")]
    [TestCase(0x62, "0001 92 00")]
    [Statement("5.0", "MQTT-2.2.2-1")]
    public void Acknowledgements_may_leave_the_Property_Length_out(int first, string body)
    {
        MqttClient client = Connect(V5);

        client.Send((byte)first, body);

        Assert.That(client.IsClosed, Is.False);
    }

    private void AssertMalformedInEveryPlace(string text)
    {
        foreach ((MqttVersion version, byte first, string before, string after) in Strings)
        {
            MqttClient client = Connect(version);
            client.Send(first, $"{before} {text} {after}");
            Assert.That((client.Packets(), client.IsClosed), Is.EqualTo((Goodbye(version, "81"), true)), $"{version} {first:X2} {before}");
        }
    }
}
