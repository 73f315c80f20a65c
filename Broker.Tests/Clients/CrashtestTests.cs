using System.Text.Json;
using System.Text.RegularExpressions;
using Broker.Cli;
using Broker.Configuration;
using NUnit.Framework;

namespace Broker.Tests.Clients;

/// <summary>The crash test against broker processes: it has to be content with one that lives, and to see what one that forgets has lost.</summary>
[Parallelizable]
internal sealed partial class CrashtestTests
{
    private static readonly string Serve =
        $"dotnet \"{typeof(BrokerOptions).Assembly.Location}\" serve --set Admin:Port=0 --set Listeners:c:Protocol=Mqtt --set Listeners:c:Address=127.0.0.1 --set Listeners:c:Port={{port}}";

    private static readonly string Durable = Serve + " --data-directory {directory}/data";

    private static readonly string Forgetful = Serve + " --set Storage:Kind=Memory";

    [Test]
    public async Task A_broker_that_is_not_killed_keeps_its_promises()
    {
        (int status, JsonElement totals, string text) = await RunAsync(Forgetful, "--rounds", "0", "--kill-after-ms", "1000-1000", "--patience", "20");

        Assert.That(status, Is.Zero, text);
        Assert.That(totals.GetProperty("acknowledged").GetInt64(), Is.GreaterThan(100), text);
    }

    [Test]
    public async Task A_broker_that_forgets_is_found_out()
    {
        (int status, JsonElement totals, string text) = await RunAsync(Forgetful, "--rounds", "2", "--kill-after-ms", "1000-1200", "--patience", "1");

        Assert.That(status, Is.EqualTo(3), text);
        Assert.That(totals.GetProperty("sessionLost").GetInt64(), Is.GreaterThan(0), text);
        // What exactly was under way at the kill is chance; each kind of loss has tests of its own.
        string[] losses = ["retainedLost", "lost", "subscriptionLost"];
        Assert.That(losses.Sum(name => totals.GetProperty(name).GetInt64()), Is.GreaterThan(0), text);
        Assert.That(totals.GetProperty("corrupted").GetInt64(), Is.Zero, text);
    }

    [Test]
    public async Task A_durable_broker_that_is_killed_keeps_its_promises()
    {
        (int status, JsonElement totals, string text) = await RunAsync(Durable, "--rounds", "3", "--kill-after-ms", "200-900", "--patience", "20");

        Assert.That(status, Is.Zero, text);
        Assert.That(totals.GetProperty("acknowledged").GetInt64(), Is.GreaterThan(100), text);
    }

    [Test]
    public async Task A_broker_that_does_not_start_again_is_status_1()
    {
        using var errors = new StringWriter();
        string onlyOnce = $"sh -c \"test -e {{directory}}/started && exit 5; touch {{directory}}/started; exec {Forgetful.Replace("\"", "")}\"";

        int status = await InvokeAsync(TextWriter.Null, errors, "--broker", onlyOnce, "--rounds", "1", "--kill-after-ms", "100-100");

        Assert.That(status, Is.EqualTo(1));
        Assert.That(errors.ToString(), Does.Contain("round 1 of 1").And.Contain("ended by itself with status 5"));
    }

    private static async Task<(int Status, JsonElement Totals, string Text)> RunAsync(string broker, params string[] more)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        int status = await InvokeAsync(output, errors, ["--broker", broker, "--json", "--seed", "1", "--rate", "1000", .. more]);
        string text = $"{errors}{output}";
        Assert.That(output.ToString(), Does.StartWith("{"), text);
        return (status, JsonDocument.Parse(output.ToString()).RootElement.GetProperty("totals"), text);
    }

    private static async Task<int> InvokeAsync(TextWriter output, StringWriter errors, params string[] args)
    {
        CliEnvironment environment = CliEnvironment.OfProcess() with { Output = output, Error = errors };
        int status = await BrokerCommandLine.InvokeAsync(["crashtest", .. args], environment, (_, _) => Task.FromResult(9), CrashtestCommand.Create());
        if (Path.GetDirectoryName(LogPath().Match(errors.ToString()).Groups["path"].Value) is { } kept && Directory.Exists(kept))
        {
            Directory.Delete(kept, recursive: true);
        }

        return status;
    }

    [GeneratedRegex(@"log in (?<path>\S+)")]
    private static partial Regex LogPath();
}
