using System.Text;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Conformance;

/// <summary>Topic Names, Topic Filters and how they match.</summary>
internal sealed class TopicTests : ConformanceFixture
{
    [TestCase("#", true)]
    [TestCase("a/#", true)]
    [TestCase("/#", true)]
    [TestCase("a#", false)]
    [TestCase("a/#/b", false)]
    [TestCase("a/b#", false)]
    [TestCase("##", false)]
    [TestCase("+", true)]
    [TestCase("+/a/+", true)]
    [TestCase("/+", true)]
    [TestCase("+/#", true)]
    [TestCase("a+", false)]
    [TestCase("+a/b", false)]
    [TestCase("a/++", false)]
    [TestCase("", false)]
    [TestCase("/", true)]
    [TestCase(" ", true)]
    [Statement("3.1.1", "MQTT-4.7.1-2", "MQTT-4.7.1-3", "MQTT-4.7.3-1", "MQTT-4.8.0-1")]
    [Statement("5.0", "MQTT-4.7.1-1", "MQTT-4.7.1-2", "MQTT-4.7.3-1", "MQTT-4.13.1-1")]
    public void Filters_that_are_good_and_filters_that_are_not(string filter, bool good)
    {
        foreach (MqttVersion version in new[] { V311, V5 })
        {
            MqttClient subscriber = Connect(version, "subscriber");
            string hex = $"{filter.Length:X4}{Convert.ToHexString(Encoding.UTF8.GetBytes(filter))}";
            subscriber.Send(0x82, $"0001 {NoProperties(version)} 'first' 00 {hex} 00");
            MqttClient leaver = Connect(version, "leaver");
            leaver.Unsubscribe(filter);

            if (good)
            {
                Assert.That((subscriber.Packets(), leaver.Packets().Length), Is.EqualTo((new[] { "SUBACK 00 00" }, 1)), $"{version}");
            }
            else
            {
                AssertClosed(subscriber, version, "81");
                AssertClosed(leaver, version, "81");
            }

            Assert.That(Server.Broker.Subscriptions.Count, Is.EqualTo(good ? 2 : 0), $"{version}");
            subscriber.Connection.Vanish();
        }
    }

    [TestCase("sport/tennis/player1/#", "sport/tennis/player1 sport/tennis/player1/ranking sport/tennis/player1/score/wimbledon", "sport/tennis sport/tennis/player2")]
    [TestCase("sport/tennis/+", "sport/tennis/player1 sport/tennis/", "sport/tennis sport/tennis/player1/ranking")]
    [TestCase("sport/#", "sport sport/a", "sports")]
    [TestCase("+/+", "/finance a/b", "finance a/b/c")]
    [TestCase("/+", "/finance", "finance a/finance")]
    [TestCase("+", "finance", "/finance")]
    [TestCase("+/tennis/#", "a/tennis a/tennis/b /tennis", "a/b/tennis")]
    [TestCase("a//b", "a//b", "a/b a/+/b")]
    [TestCase("ACCOUNTS", "ACCOUNTS", "Accounts accounts")]
    [Statement("3.1.1", "MQTT-3.3.2-3", "MQTT-4.7.1-2", "MQTT-4.7.1-3", "MQTT-4.7.3-4")]
    [Statement("5.0", "MQTT-3.3.2-3", "MQTT-4.7.1-1", "MQTT-4.7.1-2", "MQTT-4.7.3-4")]
    public void Filters_match_what_they_should(string filter, string matching, string others)
    {
        MqttClient client = Connect(V5).Subscribed(filter);

        foreach (string topic in (string[])[.. matching.Split(' '), .. others.Split(' ')])
        {
            Server.Publish(topic, "x");
        }

        Assert.That(client.Packets(), Is.EqualTo(matching.Split(' ').Select(static topic => $"PUBLISH {topic} x")));
        Assert.That(matching.Split(' ').Concat(others.Split(' ')).Where(topic => Matches(filter, topic)), Is.EqualTo(matching.Split(' ')));
    }

    [Test]
    [Statement("3.1.1", "MQTT-3.3.2-3")]
    [Statement("5.0", "MQTT-3.3.2-3")]
    public void Filters_beside_each_other_all_match()
    {
        string[] filters = ["a/b/c", "a/b/+", "a/+/c", "+/b/c", "+/+/+", "a/#", "#", "a/b/c/#", "+/b/#"];
        MqttClient[] clients = [.. filters.Select(filter => Connect(V5, filter).Subscribed(filter))];

        Server.Publish("a/b/c", "x");

        Assert.That(clients.Select(static client => client.Packets()), Is.All.EqualTo(new[] { "PUBLISH a/b/c x" }));
    }

    [TestCase("#", false)]
    [TestCase("+/monitor", false)]
    [TestCase("+/#", false)]
    [TestCase("$SYS/#", true)]
    [TestCase("$SYS/+", true)]
    [Statement("3.1.1", "MQTT-4.7.2-1")]
    [Statement("5.0", "MQTT-4.7.2-1")]
    public void A_leading_wildcard_does_not_match_dollar_topics(string filter, bool matches)
    {
        Server.Publish("$SYS/monitor", "retained", retain: true);
        MqttClient client = Connect(V5);

        client.Subscribe(filter);
        Server.Publish("$SYS/monitor", "x");

        Assert.That(client.Packets(), Has.Length.EqualTo(matches ? 3 : 1));
        Assert.That(Matches(filter, "$SYS/monitor"), Is.EqualTo(matches));
    }

    [TestCase(V311, 0x30, "'' ~x", "82")]
    [TestCase(V5, 0x30, "'' 00 ~x", "82")]
    [TestCase(V311, 0x30, "000100 ~x", "81")]
    [TestCase(V5, 0x30, "0003610062 00 ~x", "81")]
    [TestCase(V311, 0x82, "0001 000100 00", "81")]
    [TestCase(V5, 0x82, "0001 00 0003610062 00", "81")]
    [TestCase(V5, 0xA2, "0001 00 0003610062", "81")]
    [Statement("3.1.1", "MQTT-4.7.3-1", "MQTT-4.7.3-2")]
    [Statement("5.0", "MQTT-4.7.3-1", "MQTT-4.7.3-2")]
    public void Names_and_filters_are_not_empty_and_have_no_U0000(MqttVersion version, int first, string body, string code)
    {
        MqttClient client = Connect(version);

        client.Send((byte)first, body);

        AssertClosed(client, version, code);
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-4.7.3-3")]
    [Statement("5.0", "MQTT-4.7.3-3")]
    public void Names_and_filters_have_up_to_65535_bytes(MqttVersion version)
    {
        string longest = new('x', 65_535);
        MqttClient client = Connect(version);

        client.Subscribe(longest);
        client.Publish(longest, "y");

        Assert.That(client.Packets(), Is.EqualTo(new[] { "SUBACK 00", $"PUBLISH {longest} y" }));
    }

    // No packet can carry one; what comes from elsewhere, from a configuration for example, can.
    [TestCase(65_535, true)]
    [TestCase(65_536, false)]
    [Statement("3.1.1", "MQTT-4.7.3-3")]
    [Statement("5.0", "MQTT-4.7.3-3")]
    public void Longer_names_and_filters_are_not_valid(int length, bool valid)
    {
        byte[] text = new byte[length];
        text.AsSpan().Fill((byte)'x');

        Assert.That((TopicName.IsValid(text), TopicFilter.TryParse(text, out _, out _)), Is.EqualTo((valid, valid)));
    }

    [TestCase("A\u030A", "\u00C5")]
    [TestCase("\uFB01", "fi")]
    [TestCase("\u212B", "\u00C5")]
    [TestCase("straße", "strasse")]
    [Statement("3.1.1", "MQTT-4.7.3-4")]
    [Statement("5.0", "MQTT-4.7.3-4")]
    public void Nothing_is_normalised(string topic, string lookalike)
    {
        MqttClient client = Connect(V5).Subscribed(topic);

        Server.Publish(lookalike, "no");
        Server.Publish(topic, "yes");

        Assert.That(client.Packets(), Is.EqualTo(new[] { $"PUBLISH {topic} yes" }));
        Assert.That((Matches(topic, topic), Matches(topic, lookalike)), Is.EqualTo((true, false)));
    }

    private static bool Matches(string filter, string topic) => TopicFilter.Parse(filter).Matches(Encoding.UTF8.GetBytes(topic));
}
