using Broker.Admin;
using Broker.Primitives;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Admin;

internal sealed class SystemTopicsTests
{
    // What mosquitto 2.0 publishes.
    private static readonly string[] MosquittoNames =
    [
        "version", "uptime", "clients/total", "clients/maximum", "clients/connected", "clients/disconnected", "clients/active", "clients/inactive",
        "clients/expired", "messages/received", "messages/sent", "messages/stored", "store/messages/count", "store/messages/bytes",
        "subscriptions/count", "shared_subscriptions/count", "retained messages/count", "heap/current", "heap/maximum",
        "publish/messages/dropped", "publish/messages/received", "publish/messages/sent", "publish/bytes/received", "publish/bytes/sent",
        "bytes/received", "bytes/sent",
        .. from name in new[]
        {
            "messages/received", "messages/sent", "publish/dropped", "publish/received", "publish/sent", "bytes/received", "bytes/sent", "sockets",
            "connections",
        }
        from span in new[] { "1min", "5min", "15min" }
        select $"load/{name}/{span}",
    ];

    private TestBroker _broker = null!;
    private SystemTopics _topics = null!;

    [SetUp]
    public void Open()
    {
        _broker = new TestBroker(static options => options.SystemTopicsIntervalSeconds = 10);
        _topics = new SystemTopics(_broker.Broker);
    }

    [TearDown]
    public void Close()
    {
        _topics.Dispose();
        _broker.Dispose();
    }

    [Test]
    public void Everything_that_mosquitto_has_is_there_retained()
    {
        _topics.Start();

        string[] names = [.. Read(MqttClient.Connect(_broker, "c1")).Keys];

        Assert.That(names, Is.EquivalentTo(MosquittoNames));
    }

    [Test]
    public void Figures_follow_what_happens()
    {
        _topics.Start();
        MqttClient.Connect(_broker, "away", clean: false, change: static packet => packet.SessionExpiryInterval = 100)
            .Subscribed("$share/g/a", Qos.AtLeastOnce).Connection.Vanish();
        MqttClient client = MqttClient.Connect(_broker, "c1").Subscribed("b");
        client.Publish("b", "12345");
        client.Publish("a", "123", Qos.AtLeastOnce, packetId: 1);

        _broker.Time.Advance(TimeSpan.FromSeconds(10.2));
        Dictionary<string, string> figures = Read(client);

        Assert.That(
            new[] { "clients/connected", "clients/disconnected", "clients/total", "clients/maximum", "subscriptions/count", "shared_subscriptions/count" }
                .Select(name => figures[name]),
            Is.EqualTo(new[] { "1", "1", "2", "1", "2", "1" }));
        Assert.That(
            new[] { "publish/messages/received", "publish/bytes/received", "publish/messages/sent", "publish/bytes/sent", "messages/received", "messages/sent" }
                .Select(name => figures[name]),
            Is.EqualTo(new[] { "2", "8", "1", "5", "6", "6" }));
        Assert.That(figures["uptime"], Is.EqualTo("10 seconds"));
        Assert.That(figures["load/connections/1min"], Is.Not.EqualTo("0.00"));
    }

    [Test]
    public void The_most_clients_at_once_count_also_between_two_publications()
    {
        _topics.Start();
        MqttClient[] brief = [.. Enumerable.Range(0, 3).Select(number => MqttClient.Connect(_broker, $"brief{number}"))];
        Array.ForEach(brief, static client => client.Connection.Vanish());
        MqttClient client = MqttClient.Connect(_broker, "c1");

        _broker.Time.Advance(TimeSpan.FromSeconds(10.2));
        Dictionary<string, string> figures = Read(client);

        Assert.That((figures["clients/connected"], figures["clients/maximum"]), Is.EqualTo(("1", "3")));
    }

    [Test]
    public void Only_an_explicit_filter_matches_MQTT_4_7_2_1()
    {
        MqttClient client = MqttClient.Connect(_broker, "c1").Subscribed("#").Subscribed("+/broker/uptime");

        _topics.Start();

        Assert.That(client.Packets(), Is.Empty);
    }

    [Test]
    public void Clients_cannot_publish_there()
    {
        MqttClient client = MqttClient.Connect(_broker, "c1").Subscribed("$SYS/#");

        client.Publish("$SYS/broker/uptime", "forged", Qos.AtLeastOnce, packetId: 1);

        Assert.That(client.Packets(), Is.EqualTo(new[] { "PUBACK #1 87" }));
    }

    [Test]
    public void They_can_be_turned_off()
    {
        _broker.Options.SystemTopicsIntervalSeconds = 0;
        using var topics = new SystemTopics(_broker.Broker);

        topics.Start();
        _broker.Time.Advance(TimeSpan.FromSeconds(100));

        Assert.That(_broker.Broker.Retained.Count, Is.Zero);
    }

    [Test]
    public void Load_averages_approach_the_rate_per_minute()
    {
        var loads = new LoadAverages(0);
        for (int second = 10; second <= 3600; second += 10)
        {
            loads.Update(second * 1000, [("x", second * 2)]);
        }

        Dictionary<string, double> values = loads.Values.ToDictionary();
        Assert.That(values["x/1min"], Is.EqualTo(120).Within(0.01));
        Assert.That(values["x/15min"], Is.EqualTo(120 * (1 - Math.Exp(-4))).Within(0.01));
    }

    private static Dictionary<string, string> Read(MqttClient client)
    {
        client.Packets();
        client.Subscribe("$SYS/#");
        return client.Packets()
            .Where(static packet => packet.StartsWith("PUBLISH $SYS/broker/", StringComparison.Ordinal))
            .Select(static packet => packet["PUBLISH $SYS/broker/".Length..^" retain".Length])
            .ToDictionary(NameOf, static text => text[(NameOf(text).Length + 1)..]);
    }

    // "retained messages" has a blank of its own.
    private static string NameOf(string text) =>
        text[..text.IndexOf(' ', text.StartsWith("retained messages", StringComparison.Ordinal) ? "retained messages".Length : 0)];
}
