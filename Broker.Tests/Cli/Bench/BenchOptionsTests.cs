using System.CommandLine;
using Broker.Cli.Bench;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using NUnit.Framework;

namespace Broker.Tests.Cli.Bench;

internal sealed class BenchOptionsTests
{
    [TestCase("fan-in", BenchScenario.FanIn)]
    [TestCase("fan-out", BenchScenario.FanOut)]
    [TestCase("pairs", BenchScenario.Pairs)]
    [TestCase("connect", BenchScenario.Connect)]
    [TestCase("gateway", BenchScenario.Gateway)]
    [TestCase("gateway-down", BenchScenario.GatewayDown)]
    public void Scenarios_have_names(string name, object scenario)
    {
        Assert.That(Bind(out BenchPlan plan, name), Is.Null);
        Assert.That(plan.Scenario, Is.EqualTo(scenario));
    }

    [Test]
    public void Values_reach_the_plan()
    {
        string? error = Bind(
            out BenchPlan plan,
            "pairs", "--host", "h", "--port", "1", "--gateway-port", "2", "--insecure", "--username", "u", "--password", "p", "--mqtt", "5",
            "--clients", "3", "--rate", "1.5", "--count", "4", "--warm-up", "0", "--qos", "2", "--size", "20", "--window", "5", "--pid", "6", "--json");

        Assert.That(error, Is.Null);
        Assert.That(plan with { Password = null }, Is.EqualTo(new BenchPlan
        {
            Scenario = BenchScenario.Pairs,
            Host = "h",
            Port = 1,
            GatewayPort = 2,
            Tls = new LoadTls(null, true),
            Username = "u",
            Version = MqttVersion.V5,
            Clients = 3,
            Rate = 1.5,
            Count = 4,
            WarmUpSeconds = 0,
            Qos = Qos.ExactlyOnce,
            PayloadBytes = 20,
            Window = 5,
            ProcessId = 6,
            Json = true,
        }));
        Assert.That(plan.Password, Is.EqualTo("p"u8.ToArray()));
    }

    [TestCase("SCENARIO", "fanin")]
    [TestCase("--port", "pairs", "--port", "0")]
    [TestCase("--mqtt", "pairs", "--mqtt", "3")]
    [TestCase("--clients", "pairs", "--clients", "0")]
    [TestCase("--qos", "pairs", "--qos", "3")]
    [TestCase("--size", "pairs", "--size", "19")]
    [TestCase("--size", "gateway", "--size", "65536")]
    [TestCase("--rate", "pairs", "--rate", "-1")]
    [TestCase("--duration", "pairs", "--duration", "0")]
    [TestCase("--duration", "pairs", "--duration", "NaN")]
    [TestCase("--password", "pairs", "--password", "x")]
    [TestCase("--ca", "pairs", "--ca", "/no/such/file")]
    public void Mistakes_are_named(string named, params string[] args) => Assert.That(Bind(out _, args), Does.StartWith(named));

    [TestCase("fan-in", 50, 0, ExpectedResult = 200)]
    [TestCase("fan-in", 1, 0, ExpectedResult = 1000)]
    [TestCase("fan-in", 1, 1, ExpectedResult = 100)]
    [TestCase("fan-out", 500, 0, ExpectedResult = 200)]
    [TestCase("fan-out", 50_000, 0, ExpectedResult = 10)]
    public int The_window_bounds_what_is_undelivered_in_all(string scenario, int clients, int qos)
    {
        Bind(out BenchPlan plan, scenario, "--clients", $"{clients}", "--qos", $"{qos}");
        return plan.StreamWindow;
    }

    private static string? Bind(out BenchPlan plan, params string[] args)
    {
        var options = new BenchOptions();
        var command = new Command("bench");
        options.AddTo(command);
        options.TryBind(command.Parse(args), out plan, out string? error);
        return error;
    }
}
