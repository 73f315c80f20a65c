using Broker.Cli;
using Broker.Cli.Bench;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using NUnit.Framework;

namespace Broker.Tests.Clients;

/// <summary>The load tool against a broker process: every scenario has to be complete.</summary>
internal sealed class BenchTests
{
    [Test]
    public async Task Everything_arrives_once(
        [Values("FanIn", "FanOut", "Pairs", "Gateway", "GatewayDown")] string scenario, [Values] bool paced)
    {
        BenchResult result = await RunAsync(Plan(scenario) with { Rate = paced ? 2000 : 0 });

        Assert.That(result.Status, Is.EqualTo(BenchExitStatus.Complete), result.Fault);
        Assert.That(result.Counters.Sent, Is.EqualTo(scenario == "FanOut" ? 40 : 200));
        Assert.That((result.Counters.Received, result.Latency.Count), Is.EqualTo((200, 200)));
    }

    [Test]
    public async Task Every_qos_and_version([Values(1, 2)] int qos, [Values(4, 5)] int version)
    {
        BenchResult result = await RunAsync(Plan("Pairs") with { Qos = (Qos)qos, Version = (MqttVersion)version });

        Assert.That(result.Status, Is.EqualTo(BenchExitStatus.Complete), result.Fault);
        Assert.That((result.Counters.Received, result.Unacknowledged), Is.EqualTo((200, 0)));
    }

    [Test]
    public async Task Messages_for_absent_sessions_are_acknowledged([Values(4, 5)] int version, [Values] bool paced)
    {
        BenchResult result = await RunAsync(
            Plan("Offline") with { Qos = Qos.AtLeastOnce, Version = (MqttVersion)version, Rate = paced ? 2000 : 0 });

        Assert.That(result.Status, Is.EqualTo(BenchExitStatus.Complete), result.Fault);
        Assert.That((result.Counters.Received, result.Latency.Count, result.Unacknowledged), Is.EqualTo((200, 200, 0)));
    }

    [Test]
    public async Task Over_tls() => Assert.That(
        (await RunAsync(Plan("Pairs") with { Port = RunningBrokers.Endpoint("mqtt-tls").Port, Tls = new LoadTls(null, Insecure: true) })).Status,
        Is.EqualTo(BenchExitStatus.Complete));

    [Test]
    public async Task A_payload_above_every_buffer() => Assert.That(
        (await RunAsync(Plan("FanOut") with { PayloadBytes = 300_000, Window = 4 })).Status, Is.EqualTo(BenchExitStatus.Complete));

    [Test]
    public async Task Connections_are_counted_and_timed()
    {
        BenchResult result = await RunAsync(Plan("Connect") with { Subscribe = true, DurationSeconds = 0.01 });

        Assert.That((result.Status, result.Connections, result.Latency.Count), Is.EqualTo((BenchExitStatus.Complete, 5, 5)));
    }

    [Test]
    public void Without_a_broker_there_is_no_result() => Assert.That(
        () => RunAsync(Plan("FanIn") with { Port = BrokerProcess.FreePort() }), Throws.InstanceOf<IOException>());

    [Test]
    public async Task Wrong_options_are_status_2()
    {
        using var errors = new StringWriter();
        CliEnvironment environment = CliEnvironment.OfProcess() with { Error = errors, Output = TextWriter.Null };

        int status = await BrokerCommandLine.InvokeAsync(["bench", "fan-in", "--qos", "3"], environment, (_, _) => Task.FromResult(9), BenchCommand.Create());

        Assert.That((status, errors.ToString().Trim()), Is.EqualTo((2, "--qos must be 0, 1 or 2.")));
    }

    private static BenchPlan Plan(string scenario) => new()
    {
        Scenario = Enum.Parse<BenchScenario>(scenario),
        Port = RunningBrokers.Endpoint("mqtt").Port,
        GatewayPort = RunningBrokers.Endpoint("device").Port,
        Clients = 5,
        Count = 40,
        WarmUpSeconds = 0,
    };

    private static Task<BenchResult> RunAsync(BenchPlan plan) =>
        new BenchRun(plan, TimeProvider.System).RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
}
