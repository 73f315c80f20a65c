using System.Text.Json;
using Broker.Cli.Crashtest;
using Broker.Cli.Crashtest.Audit;
using Broker.Cli.Crashtest.Child;
using NUnit.Framework;

namespace Broker.Tests.Cli.Crashtest;

internal sealed class CrashtestReportTests
{
    [TestCase(1, 1, null, ExpectedResult = 0)]
    [TestCase(1, 0, null, ExpectedResult = 1)]
    [TestCase(0, 0, null, ExpectedResult = 1)]
    [TestCase(1, 1, "Lost", ExpectedResult = 3)]
    [TestCase(0, 0, "SessionLost", ExpectedResult = 3)]
    public int Exit_status(long acknowledged, long delivered, string? violation) => (int)Result(acknowledged, delivered, violation).Status;

    [Test]
    public void The_table_has_each_round_and_the_totals()
    {
        string[] lines = CrashtestReport.Text(Result(10, 20, "DuplicateQos2")).Split('\n');

        Assert.That(lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], Is.EqualTo("round"));
        Assert.That(Words(lines[1]), Is.EqualTo("1 5 800 0 0 0 0 0 0 0 0 0 0 0"));
        Assert.That(Words(lines[2]), Is.EqualTo("drain 6 - 0 10 20 0 0 1 0 0 0 0 0"));
        Assert.That(Words(lines[3]), Is.EqualTo("total 0 10 20 0 0 1 0 0 0 0 0"));
        Assert.That(lines, Has.Some.Contains("violation: what happened").And.Some.StartsWith("VIOLATION: 1 ").And.Some.Contains("seed: 42"));
    }

    [Test]
    public void Json_is_one_line()
    {
        string line = CrashtestReport.Json(Result(10, 20, "DuplicateQos2"));

        Assert.That(line, Does.Not.Contain("\n"));
        JsonElement json = JsonDocument.Parse(line).RootElement;
        Assert.That(json.GetProperty("status").GetString(), Is.EqualTo("violation"));
        Assert.That(json.GetProperty("seed").GetInt32(), Is.EqualTo(42));
        Assert.That(json.GetProperty("rounds")[0].GetProperty("killedAfterMs").GetInt32(), Is.EqualTo(800));
        Assert.That(json.GetProperty("totals").GetProperty("duplicateQos2").GetInt32(), Is.EqualTo(1));
        Assert.That(json.GetProperty("violations")[0].GetString(), Is.EqualTo("what happened"));
    }

    private static string Words(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).TrimEnd();

    private static CrashtestResult Result(long acknowledged, long delivered, string? violation)
    {
        RoundTally last = new() { UpAfterMilliseconds = 6, Acknowledged = acknowledged, Delivered = delivered };
        if (violation is not null)
        {
            last.Add(Enum.Parse<ViolationKind>(violation));
        }

        return new CrashtestResult
        {
            Plan = new CrashtestPlan { Broker = new BrokerCommand(["b"]), Seed = 42 },
            Rounds = [new RoundTally { UpAfterMilliseconds = 5, KilledAfterMilliseconds = 800 }, last],
            Examples = ["what happened"],
        };
    }
}
