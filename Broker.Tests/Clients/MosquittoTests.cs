using System.Text.Json;
using NUnit.Framework;

namespace Broker.Tests.Clients;

/// <summary>Debian's mosquitto clients: three protocol versions, TCP and TLS, own listeners and EXT_PORT alone.</summary>
internal sealed class MosquittoTests
{
    private static readonly string[] Versions = ["mqttv31", "mqttv311", "mqttv5"];
    private static readonly string[] Endpoints = ["mqtt", "mqtt-tls", "multiplexed", "multiplexed-tls", "ext", "ext-tls"];
    private static readonly string[] Listeners = ["mqtt", "mqtt-tls"];
    private static readonly string[] LaterVersions = ["mqttv311", "mqttv5"];

    private readonly string _topic = $"mosquitto/{Guid.NewGuid():N}";

    [OneTimeSetUp]
    public void Require() => Tool.Require(Tool.MosquittoSub, Tool.MosquittoPub);

    [Test]
    public async Task Messages_arrive_at_every_qos([ValueSource(nameof(Endpoints))] string endpoint, [ValueSource(nameof(Versions))] string version)
    {
        Mosquitto mosquitto = new(endpoint, version);
        using ToolProcess subscriber = await mosquitto.SubscribeAsync("-t", $"{_topic}/+", "-q", "2");

        foreach (string qos in (string[])["0", "1", "2"])
        {
            await mosquitto.PublishAsync("-t", $"{_topic}/a", "-q", qos, "-m", $"qos{qos}");

            Assert.That(await Mosquitto.MessageAsync(subscriber, $"qos{qos}"), Is.EqualTo($"{_topic}/a {qos} 0 qos{qos}"));
        }
    }

    [Test]
    public async Task A_retained_message_awaits_the_subscriber(
        [ValueSource(nameof(Listeners))] string endpoint, [ValueSource(nameof(Versions))] string version)
    {
        Mosquitto mosquitto = new(endpoint, version);
        await mosquitto.PublishAsync("-t", $"{_topic}/retained/{endpoint}/{version}", "-r", "-q", "1", "-m", "kept");

        using ToolProcess subscriber = await mosquitto.SubscribeAsync("-t", $"{_topic}/retained/{endpoint}/{version}", "-q", "1");

        Assert.That(await Mosquitto.MessageAsync(subscriber, "kept"), Is.EqualTo($"{_topic}/retained/{endpoint}/{version} 1 1 kept"));
    }

    [Test]
    public async Task A_will_is_published_when_its_client_vanishes(
        [ValueSource(nameof(Listeners))] string endpoint, [ValueSource(nameof(Versions))] string version)
    {
        Mosquitto mosquitto = new(endpoint, version);
        using ToolProcess watcher = await mosquitto.SubscribeAsync("-t", $"{_topic}/will", "-q", "1");
        ToolProcess mortal = await mosquitto.SubscribeAsync(
            "-t", $"{_topic}/none", "--will-topic", $"{_topic}/will", "--will-payload", $"gone {endpoint} {version}", "--will-qos", "1");

        mortal.Dispose();

        Assert.That(await Mosquitto.MessageAsync(watcher, "gone"), Is.EqualTo($"{_topic}/will 1 0 gone {endpoint} {version}"));
    }

    [Test]
    public async Task A_session_keeps_what_arrives_meanwhile(
        [ValueSource(nameof(Listeners))] string endpoint, [ValueSource(nameof(LaterVersions))] string version)
    {
        Mosquitto mosquitto = new(endpoint, version);
        string[] session = ["-i", $"resume-{endpoint}-{version}-{_topic[^8..]}", "-c", "-q", "1", "-t", $"{_topic}/session/{endpoint}/{version}", "-k", "30"];
        string[] expiry = version == "mqttv5" ? ["-x", "300"] : [];
        using (ToolProcess first = await mosquitto.SubscribeAsync([.. session, .. expiry]))
        {
            first.Terminate();
            await first.ExitAsync();
        }

        await mosquitto.PublishAsync("-t", $"{_topic}/session/{endpoint}/{version}", "-q", "1", "-m", "meanwhile");

        using ToolProcess second = await mosquitto.SubscribeAsync([.. session, .. expiry]);
        Assert.That(await Mosquitto.MessageAsync(second, "meanwhile"), Is.EqualTo($"{_topic}/session/{endpoint}/{version} 1 0 meanwhile"));
    }

    [Test]
    public async Task Properties_travel_with_the_message([ValueSource(nameof(Listeners))] string endpoint)
    {
        Mosquitto mosquitto = new(endpoint, "mqttv5");
        using ToolProcess subscriber = await mosquitto.SubscribeAsync("-t", $"{_topic}/properties", "-q", "1", "-F", "%j");

        await mosquitto.PublishAsync(
            "-t", $"{_topic}/properties", "-q", "1", "-m", "x",
            "-D", "publish", "content-type", "text/plain",
            "-D", "publish", "response-topic", "answers",
            "-D", "publish", "correlation-data", "42",
            "-D", "publish", "user-property", "colour", "blue");

        using JsonDocument message = JsonDocument.Parse(await subscriber.LineAsync(line => line.StartsWith('{')));
        JsonElement properties = message.RootElement.GetProperty("properties");
        Assert.That(properties.GetProperty("content-type").GetString(), Is.EqualTo("text/plain"));
        Assert.That(properties.GetProperty("response-topic").GetString(), Is.EqualTo("answers"));
        Assert.That(properties.GetProperty("correlation-data").GetString(), Is.EqualTo("42"));
        Assert.That(properties.GetProperty("user-properties").GetProperty("colour").GetString(), Is.EqualTo("blue"));
    }

    [Test]
    public async Task Members_of_a_group_share([ValueSource(nameof(Listeners))] string endpoint)
    {
        Mosquitto mosquitto = new(endpoint, "mqttv5");
        string filter = $"$share/group/{_topic}/shared/{endpoint}";
        using ToolProcess first = await mosquitto.SubscribeAsync("-t", filter, "-q", "1");
        using ToolProcess second = await mosquitto.SubscribeAsync("-t", filter, "-q", "1");

        await mosquitto.PublishAsync("-t", $"{_topic}/shared/{endpoint}", "-q", "1", "-m", "one of two");
        await mosquitto.PublishAsync("-t", $"{_topic}/shared/{endpoint}", "-q", "1", "-m", "two of two");

        string[] received = await Task.WhenAll(Mosquitto.MessageAsync(first, ""), Mosquitto.MessageAsync(second, ""));
        Assert.That(
            received, Is.EquivalentTo(new[] { $"{_topic}/shared/{endpoint} 1 0 one of two", $"{_topic}/shared/{endpoint} 1 0 two of two" }));
    }

    [TestCase("mqtt")]
    [TestCase("mqtt-tls")]
    [TestCase("ext-tls")]
    public async Task A_megabyte_arrives_whole(string endpoint)
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, new string('x', 1 << 20));
        Mosquitto mosquitto = new(endpoint, "mqttv311");
        using ToolProcess subscriber = await mosquitto.SubscribeAsync("-t", $"{_topic}/large", "-q", "1");

        await mosquitto.PublishAsync("-t", $"{_topic}/large", "-q", "1", "-f", file);
        File.Delete(file);

        string message = await Mosquitto.MessageAsync(subscriber, "xxx");
        Assert.That(message, Has.Length.EqualTo($"{_topic}/large 1 0 ".Length + (1 << 20)));
    }
}
