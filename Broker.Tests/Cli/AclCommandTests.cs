using Broker.Cli;
using Broker.Tests.Configuration;
using NUnit.Framework;

namespace Broker.Tests.Cli;

public sealed class AclCommandTests
{
    private readonly TemporaryDirectory _directory = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [OneTimeTearDown]
    public void TearDown()
    {
        _directory.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [SetUp]
    public void SetUp()
    {
        _output.GetStringBuilder().Clear();
        _error.GetStringBuilder().Clear();
        _directory.Write("acl", "deny subscribe secret/#\nallow user ann subscribe a/+\nallow user ann peer 10.0.0.0/8 all #\n");
    }

    [Test]
    public async Task It_says_which_rule_denies_and_why()
    {
        Assert.That(await ExplainAsync("--user", "ann", "--peer", "10.1.1.1", "subscribe", "#"), Is.EqualTo(ExitCode.Failure));
        Assert.That(Lines(_output), Is.EqualTo([
            "denied: subscribe to #",
            "by line 1: deny subscribe secret/#",
            "because its filter secret/# has topics in common with the subscription",
        ]));
    }

    [Test]
    public async Task It_says_which_rule_allows_and_which_were_passed_over()
    {
        Assert.That(await ExplainAsync("--user", "ann", "--peer", "10.1.1.1", "subscribe", "a/#"), Is.EqualTo(ExitCode.Success));
        Assert.That(Lines(_output), Is.EqualTo([
            "allowed: subscribe to a/#",
            "by line 3: allow user ann peer 10.0.0.0/8 all #",
            "because its filter # covers everything that the subscription could match",
            "passed over, because it allows only a part of that: line 2: allow user ann subscribe a/+",
        ]));
    }

    [Test]
    public async Task What_no_rule_allows_is_denied()
    {
        Assert.That(await ExplainAsync("--client", "x", "publish", "a"), Is.EqualTo(ExitCode.Failure));
        Assert.That(Lines(_output)[1], Is.EqualTo("no rule decides, and what no rule allows is denied"));
    }

    [Test]
    public async Task A_broken_file_is_reported_line_by_line()
    {
        _directory.Write("acl", "x\nallow\n");

        Assert.That(await ExplainAsync("publish", "a"), Is.EqualTo(ExitCode.Failure));
        Assert.That(Lines(_error), Has.Length.EqualTo(2));
        Assert.That(Lines(_error)[1], Does.EndWith("line 2: publish, subscribe or all is missing"));
    }

    [TestCase("publish", "a/#")]
    [TestCase("subscribe", "a/#/b")]
    [TestCase("read", "a")]
    public async Task Wrong_arguments_are_usage_errors(string action, string topic) =>
        Assert.That(await ExplainAsync(action, topic), Is.EqualTo(ExitCode.Usage));

    private Task<int> ExplainAsync(params string[] args) => BrokerCommandLine.InvokeAsync(
        ["acl", "explain", "--set", $"Authorization:AclFile={Path.Combine(_directory.Path, "acl")}", .. args],
        new CliEnvironment
        {
            Output = _output,
            Error = _error,
            Input = TextReader.Null,
            ReadSecret = _ => null,
            WorkingDirectory = _directory.Path,
            Variables = new Dictionary<string, string>(),
        },
        (_, _) => Task.FromResult(0));

    private static string[] Lines(StringWriter writer) => writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
