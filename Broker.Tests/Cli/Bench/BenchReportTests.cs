using System.Text.Json;
using Broker.Cli.Bench;
using Broker.Primitives;
using NUnit.Framework;

namespace Broker.Tests.Cli.Bench;

internal sealed class BenchReportTests
{
    [Test]
    public void Json_is_one_line_with_the_costs_per_delivery()
    {
        BenchResult result = Result(new LoadCounters { Sent = 10, Expected = 20, Received = 20 }) with
        {
            Before = new BrokerUsage(1, 100, 100),
            After = new BrokerUsage(1.5, 200, 300),
        };

        string line = BenchReport.Json(result);
        Assert.That(line, Does.Not.Contain("\n"));
        JsonElement json = JsonDocument.Parse(line).RootElement;
        Assert.That(json.GetProperty("brokerCpuMicrosecondsEach").GetDouble(), Is.EqualTo(25_000));
        Assert.That(json.GetProperty("scenario").GetString(), Is.EqualTo("fan-in"));
        Assert.That(json.GetProperty("status").GetString(), Is.EqualTo("complete"));
        Assert.That(BenchReport.Text(result), Does.Contain("20 of 20 in 2.00 s, 10 per second"));
    }

    [TestCase(10, 9, 0, 0, ExpectedResult = 3)]
    [TestCase(10, 10, 1, 0, ExpectedResult = 3)]
    [TestCase(10, 10, 1, 1, ExpectedResult = 0)]
    [TestCase(10, 10, 1, 2, ExpectedResult = 3)]
    [TestCase(10, 10, 0, 2, ExpectedResult = 0)]
    public int Exit_status(long expected, long received, long duplicates, int qos) => (int)Result(
        new LoadCounters { Expected = expected, Received = received, Duplicates = duplicates }, (Qos)qos).Status;

    [Test]
    public void A_lost_connection_is_a_loss() => Assert.That(
        (Result(new LoadCounters()) with { Fault = "gone" }).Status, Is.EqualTo(BenchExitStatus.Loss));

    private static BenchResult Result(LoadCounters counters, Qos qos = Qos.AtMostOnce) => new()
    {
        Plan = new BenchPlan { Scenario = BenchScenario.FanIn, Qos = qos },
        Counters = counters,
        Latency = new LatencyHistogram(),
        Seconds = 2,
    };
}
