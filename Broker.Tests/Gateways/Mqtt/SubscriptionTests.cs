using Broker.Core.Ports;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Gateways.Mqtt;

internal sealed class SubscriptionTests
{
    private TestBroker _broker = null!;
    private MqttClient _client = null!;

    [SetUp]
    public void Open()
    {
        _broker = new TestBroker(static options => options.Mqtt.MaximumTopicLevels = 3);
        _client = MqttClient.Connect(_broker, "c1");
    }

    [TearDown]
    public void Close() => _broker.Dispose();

    [TestCase("a/#", "SUBACK 01")]
    [TestCase("a/b/c/d", "SUBACK 8f")]
    [TestCase("$share/g/a", "SUBACK 01")]
    [TestCase("secret", "SUBACK 87")]
    public void SUBSCRIBE_gets_a_code_for_its_filter(string filter, string answer)
    {
        _broker.Authorizer.Rule = static (_, action, topic) => !(action == TopicAction.Subscribe && topic == "secret");

        _client.Subscribe(filter, new SubscriptionOptions { Qos = Qos.AtLeastOnce });

        Assert.That((_client.Packets(), _client.IsClosed), Is.EqualTo((new[] { answer }, false)));
    }

    [Test]
    public void UNSUBSCRIBE_ends_deliveries_MQTT_3_10_4_2()
    {
        _client.Subscribed("a");

        _client.Unsubscribe("a");
        _client.Unsubscribe("a");
        _broker.Publish("a", "x");

        Assert.That(_client.Packets(), Is.EqualTo(new[] { "UNSUBACK 00", "UNSUBACK 11" }));
    }

    [Test]
    public void Overlapping_subscriptions_give_one_copy_with_all_identifiers_MQTT_3_3_4_3()
    {
        _client.Subscribe("a/+", new SubscriptionOptions { Qos = Qos.AtMostOnce }, identifier: 5);
        _client.Subscribe("a/#", new SubscriptionOptions { Qos = Qos.AtLeastOnce }, identifier: 300);
        _client.Packets();

        _broker.Publish("a/b", "x", Qos.ExactlyOnce);
        string[] packets = _client.Packets();

        Assert.That(packets, Has.Length.EqualTo(1).And.All.StartsWith("PUBLISH a/b x q1 #1"));
        Assert.That(packets, Has.All.Contains("sub=5").And.All.Contains("sub=300"));
    }

    [Test]
    public void No_Local_spares_the_publisher_MQTT_3_8_3_3()
    {
        MqttClient other = MqttClient.Connect(_broker, "other").Subscribed("a");
        _client.Subscribe("a", new SubscriptionOptions { NoLocal = true });
        _client.Packets();

        _client.Publish("a", "own");
        other.Publish("a", "other's");

        Assert.That(_client.Packets(), Is.EqualTo(new[] { "PUBLISH a other's" }));
        Assert.That(other.Packets(), Is.EqualTo(new[] { "PUBLISH a own", "PUBLISH a other's" }));
    }

    [TestCase(false, "PUBLISH a x")]
    [TestCase(true, "PUBLISH a x retain")]
    public void Retain_As_Published_MQTT_3_3_1_12(bool asPublished, string arrives)
    {
        _client.Subscribe("a", new SubscriptionOptions { RetainAsPublished = asPublished });
        _client.Packets();

        _broker.Publish("a", "x", retain: true);

        Assert.That(_client.Packets(), Is.EqualTo(new[] { arrives }));
    }

    [Test]
    public void A_retained_message_comes_after_SUBACK_until_an_empty_one_removes_it_MQTT_3_3_1_6()
    {
        MqttClient publisher = MqttClient.Connect(_broker, "publisher");
        publisher.Publish("a", "1", Qos.AtLeastOnce, packetId: 1, retain: true);
        publisher.Publish("a", "2", Qos.AtLeastOnce, packetId: 2, retain: true);

        _client.Subscribe("+", new SubscriptionOptions { Qos = Qos.AtLeastOnce });
        Assert.That(_client.Packets(), Is.EqualTo(new[] { "SUBACK 01", "PUBLISH a 2 q1 #1 retain" }));

        publisher.Publish("a", "", retain: true);
        Assert.That(_client.Packets(), Is.EqualTo(new[] { "PUBLISH a " }));
        _client.Subscribe("+", new SubscriptionOptions { Qos = Qos.AtLeastOnce });
        Assert.That((_client.Packets(), _broker.Broker.Retained.Count), Is.EqualTo((new[] { "SUBACK 01" }, 0)));
    }

    [TestCase(0, 2)]
    [TestCase(1, 1)]
    [TestCase(2, 0)]
    public void Retain_Handling_MQTT_3_3_1_9(int handling, int copies)
    {
        _broker.Publish("a", "x", retain: true);
        var options = new SubscriptionOptions { RetainHandling = (RetainHandling)handling };

        _client.Subscribe("a", options);
        _client.Subscribe("a", options);

        Assert.That(_client.Packets().Count(static packet => packet == "PUBLISH a x retain"), Is.EqualTo(copies));
    }

    [Test]
    public void A_shared_subscription_gives_each_message_to_one_member()
    {
        MqttClient[] members = [.. new[] { "m1", "m2" }.Select(id => MqttClient.Connect(_broker, id).Subscribed("$share/g/a/+"))];
        _client.Subscribed("a/+");
        _broker.Publish("a/0", "retained", retain: true);
        _client.Packets();
        string[] first = [.. members.SelectMany(static member => member.Packets())];

        for (int number = 1; number <= 9; number++)
        {
            _broker.Publish($"a/{number}", "x");
        }

        int[] shares = [.. members.Select(static member => member.Packets().Length)];
        Assert.That(first, Has.Length.EqualTo(1));
        Assert.That((shares.Sum(), shares.Max() - shares.Min()), Is.EqualTo((9, 1)));
        Assert.That(_client.Packets(), Has.Length.EqualTo(9));
    }

    [Test]
    public void A_shared_subscription_passes_over_members_that_are_gone()
    {
        MqttClient stays = MqttClient.Connect(_broker, "m1").Subscribed("$share/g/a");
        MqttClient.Connect(_broker, "m2").Subscribed("$share/g/a").Connection.Vanish();

        _broker.Publish("a", "1");
        _broker.Publish("a", "2");

        Assert.That(stays.Packets(), Is.EqualTo(new[] { "PUBLISH a 1", "PUBLISH a 2" }));
    }

    [Test]
    public void Wildcards_at_the_first_level_do_not_match_dollar_topics_MQTT_4_7_2_1()
    {
        _client.Subscribed("#");

        _broker.Publish("$SYS/x", "no");
        _broker.Publish("x", "yes");

        Assert.That(_client.Packets(), Is.EqualTo(new[] { "PUBLISH x yes" }));
    }
}
