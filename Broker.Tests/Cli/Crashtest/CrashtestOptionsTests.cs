using System.CommandLine;
using Broker.Cli;
using Broker.Cli.Crashtest;
using Broker.Cli.Crashtest.Child;
using Broker.Configuration;
using NUnit.Framework;

namespace Broker.Tests.Cli.Crashtest;

internal sealed class CrashtestOptionsTests
{
    [Test]
    public void Values_reach_the_plan()
    {
        string? error = Bind(
            out CrashtestPlan plan,
            "--rounds", "3", "--seed", "7", "--publishers", "2", "--subscribers", "5", "--payload", "20", "--rate", "10", "--window", "4",
            "--kill-after-ms", "20-30", "--signal", "term", "--patience", "1.5", "--data-directory", "d", "--broker", "b {port}", "--json");

        Assert.That(error, Is.Null);
        Assert.That(plan, Is.EqualTo(new CrashtestPlan
        {
            Broker = plan.Broker,
            Rounds = 3,
            Seed = 7,
            Publishers = 2,
            Subscribers = 5,
            PayloadBytes = 20,
            Rate = 10,
            Window = 4,
            KillAfterLeast = 20,
            KillAfterMost = 30,
            Signal = StopSignal.Terminate,
            PatienceSeconds = 1.5,
            DataDirectory = "d",
            Json = true,
        }));
        Assert.That(plan.Broker.Fill(1883, "/d"), Is.EqualTo(["b", "1883"]));
    }

    [TestCase("--rounds", "--rounds", "-1")]
    [TestCase("--publishers", "--publishers", "0")]
    [TestCase("--subscribers", "--subscribers", "0")]
    [TestCase("--payload", "--payload", "19")]
    [TestCase("--rate", "--rate", "0")]
    [TestCase("--window", "--window", "0")]
    [TestCase("--kill-after-ms", "--kill-after-ms", "5")]
    [TestCase("--kill-after-ms", "--kill-after-ms", "5-4")]
    [TestCase("--signal", "--signal", "hup")]
    [TestCase("--patience", "--patience", "0")]
    [TestCase("--broker", "--broker", "mosquitto -p 1883")]
    [TestCase("--durability", "--broker", "x {port}", "--durability", "sync")]
    public void Mistakes_are_named(string named, params string[] args) => Assert.That(Bind(out _, args), Does.StartWith(named));

    [Test]
    public void A_command_line_is_filled_in() => Assert.That(
        BrokerCommand.Parse("run \"a b\" {port} --dir={directory}/x")!.Fill(7, "/data here"),
        Is.EqualTo(["run", "a b", "7", "--dir=/data here/x"]));

    [TestCase("interval", Durability.Interval)]
    [TestCase(null, Durability.Sync)]
    public async Task This_program_understands_what_it_is_told(string? given, Durability durability)
    {
        Bind(out CrashtestPlan plan, given is null ? [] : ["--durability", given]);
        string directory = TestContext.CurrentContext.WorkDirectory;
        using var errors = new StringWriter();
        BrokerOptions? understood = null;

        int status = await BrokerCommandLine.InvokeAsync(
            [.. plan.Broker.Fill(7, directory).SkipWhile(static word => word != "serve")],
            new CliEnvironment
            {
                Output = TextWriter.Null,
                Error = errors,
                Input = TextReader.Null,
                ReadSecret = _ => null,
                WorkingDirectory = directory,
                Variables = new Dictionary<string, string>(),
            },
            (settings, _) =>
            {
                understood = settings.Options;
                return Task.FromResult(0);
            });

        Assert.That((status, errors.ToString()), Is.EqualTo((0, "")));
        Assert.That(understood!.Storage, Has.Property("Durability").EqualTo(durability).And.Property("DataDirectory").EqualTo(directory));
        Assert.That(understood.Listeners.Values.Single().Port, Is.EqualTo(7));
    }

    private static string? Bind(out CrashtestPlan plan, params string[] args)
    {
        var options = new CrashtestOptions();
        var command = new Command("crashtest");
        options.AddTo(command);
        options.TryBind(command.Parse(args), out plan, out string? error);
        return error;
    }
}
