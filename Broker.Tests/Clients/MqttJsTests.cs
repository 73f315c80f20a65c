using NUnit.Framework;

namespace Broker.Tests.Clients;

/// <summary>MQTT.js, the client of browsers and Node: TCP, TLS and WebSocket. scenarios.mjs has what it does and asserts.</summary>
[Parallelizable]
internal sealed class MqttJsTests
{
    private static readonly string[] Scenarios = ["qos", "retained", "will", "session", "shared", "large", "unsubscribe"];
    private static readonly string[] ScenariosOf5 = ["properties", "expiry"];
    private static readonly string[] Endpoints = ["mqtt", "mqtt-tls", "ws", "ws-tls"];
    private static readonly string[] Versions = ["4", "5"];

    [OneTimeSetUp]
    public void Require() => Tool.Require(Tool.Node, Tool.MqttJsModule);

    [TestCase("multiplexed", true)]
    [TestCase("multiplexed-tls", true)]
    [TestCase("ext", false)]
    [TestCase("ext-tls", false)]
    [TestCase("ext", true)]
    [TestCase("ext-tls", true)]
    public Task Every_way_in_carries_messages(string endpoint, bool isWebSocket) =>
        RunAsync(["qos", "large"], RunningBrokers.Endpoint(endpoint).Url(isWebSocket), "5");

    [Test]
    public Task Scenarios_succeed([ValueSource(nameof(Endpoints))] string endpoint, [ValueSource(nameof(Versions))] string version) => RunAsync(
        [.. Scenarios, .. version == "5" ? ScenariosOf5 : []],
        RunningBrokers.Endpoint(endpoint).Url(endpoint.StartsWith("ws", StringComparison.Ordinal)),
        version);

    private static async Task RunAsync(IEnumerable<string> scenarios, string url, string version) => Assert.That(
        await ToolProcess.RunAsync(
            Tool.Node, Tool.Script("scenarios.mjs"), url, version, RunningBrokers.Certificates.AuthorityFile, string.Join(',', scenarios)),
        Does.EndWith("all passed"));
}
