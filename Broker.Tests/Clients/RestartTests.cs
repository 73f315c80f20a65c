using System.Globalization;
using NUnit.Framework;

namespace Broker.Tests.Clients;

/// <summary>Sessions, what waits in them, and retained messages, through a broker that is killed and started again: with each of the real clients.</summary>
[Parallelizable]
internal sealed class RestartTests
{
    private static readonly string[] Listeners = ["mqtt", "mqtt-tls", "ws", "ws-tls"];

    private BrokerProcess _broker = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Tool.Require(Tool.MosquittoSub, Tool.MosquittoPub, Tool.Python, Tool.PahoModule, Tool.Node, Tool.MqttJsModule);
        string[] tls = RunningBrokers.Certificates.Settings;
        _broker = await BrokerProcess.StartAsync(
            Listeners,
            [
                "Admin:Port=0",
                .. BrokerProcess.Listener("mqtt", "Mqtt"),
                .. BrokerProcess.Listener("mqtt-tls", "Mqtt", tls),
                .. BrokerProcess.Listener("ws", "WebSocket"),
                .. BrokerProcess.Listener("ws-tls", "WebSocket", tls),
            ],
            ("EXT_PORT", ""));
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await (_broker?.DisposeAsync() ?? ValueTask.CompletedTask);

    [TestCase("mqtt", "mqttv311")]
    [TestCase("mqtt-tls", "mqttv5")]
    public async Task Mosquitto_resumes(string listener, string version)
    {
        string topic = $"mosquitto/{Guid.NewGuid():N}";
        string[] session = ["-i", topic[^20..], "-c", "-q", "2", "-t", $"{topic}/session", .. version == "mqttv5" ? new[] { "-x", "300" } : []];
        using (ToolProcess first = await new Mosquitto(At(listener), version).SubscribeAsync(session))
        {
            first.Terminate();
            await first.ExitAsync();
        }

        await new Mosquitto(At(listener), version).PublishAsync("-t", $"{topic}/session", "-q", "2", "-m", "meanwhile");
        await new Mosquitto(At(listener), version).PublishAsync("-t", $"{topic}/retained", "-q", "1", "-r", "-m", "kept");
        await _broker.KillAndRestartAsync();

        using ToolProcess second = await new Mosquitto(At(listener), version).SubscribeAsync([.. session, "-t", $"{topic}/retained"]);
        Assert.That(await Mosquitto.MessageAsync(second, "meanwhile"), Is.EqualTo($"{topic}/session 2 0 meanwhile"));
        Assert.That(await Mosquitto.MessageAsync(second, "kept"), Is.EqualTo($"{topic}/retained 1 1 kept"));
    }

    [TestCase("mqtt", "3")]
    [TestCase("mqtt-tls", "4")]
    [TestCase("ws", "5")]
    public async Task Paho_resumes(string listener, string version)
    {
        string topic = $"paho/{Guid.NewGuid():N}";
        await PahoAsync("leave", topic, listener, version);

        await _broker.KillAndRestartAsync();

        await PahoAsync("resume", topic, listener, version);
    }

    [TestCase("mqtt", "4")]
    [TestCase("ws", "4")]
    [TestCase("ws-tls", "5")]
    public async Task MQTT_js_resumes(string listener, string version)
    {
        string topic = $"mqttjs/{Guid.NewGuid():N}";
        await MqttJsAsync("leave", topic, listener, version);

        await _broker.KillAndRestartAsync();

        await MqttJsAsync("resume", topic, listener, version);
    }

    private Endpoint At(string listener) => new(_broker.Port(listener), listener.EndsWith("-tls", StringComparison.Ordinal));

    private async Task PahoAsync(string scenario, string topic, string listener, string version)
    {
        string transport = listener.StartsWith("ws", StringComparison.Ordinal) ? "websockets" : "tcp";
        string[] tls = At(listener).IsTls ? [RunningBrokers.Certificates.AuthorityFile] : [];
        using ToolProcess client = ToolProcess.Start(
            Tool.Python,
            [Tool.Script("scenarios.py"), At(listener).Port.ToString(CultureInfo.InvariantCulture), version, transport, .. tls],
            ("SCENARIO", scenario),
            ("ROOT", topic));
        Assert.That(await client.ExitAsync(), Is.Zero, client.Output);
    }

    private async Task MqttJsAsync(string scenario, string topic, string listener, string version)
    {
        string url = At(listener).Url(listener.StartsWith("ws", StringComparison.Ordinal));
        string output = await ToolProcess.RunAsync(
            Tool.Node, Tool.Script("scenarios.mjs"), url, version, RunningBrokers.Certificates.AuthorityFile, scenario, topic);
        Assert.That(output, Does.EndWith("all passed"));
    }
}
