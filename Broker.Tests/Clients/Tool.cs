using NUnit.Framework;

namespace Broker.Tests.Clients;

/// <summary>Programs that tests need and a machine may lack.</summary>
internal static class Tool
{
    /// <summary>Set to 1 where everything must be there: an absent tool then fails the test instead of skipping it.</summary>
    private const string RequireVariable = "BROKER_TESTS_REQUIRE_TOOLS";

    /// <summary>Paths of Debian's programs; its Python is asked for by path because only that one sees Debian's packages.</summary>
    public const string MosquittoSub = "mosquitto_sub";
    public const string MosquittoPub = "mosquitto_pub";
    public const string Node = "node";
    public const string Bash = "bash";
    public const string Python = "/usr/bin/python3";

    public static readonly string PahoModule = "/usr/lib/python3/dist-packages/paho/mqtt/client.py";

    public static readonly string MqttJsModule = Path.Combine(Repository.Root, "Broker.Tests", "Clients", "node_modules", "mqtt", "package.json");

    /// <summary>Path of a file beside this one.</summary>
    public static string Script(string name) => Path.Combine(Repository.Root, "Broker.Tests", "Clients", name);

    /// <summary>Skips the test, or fails it where tools are required, unless every program or file is there.</summary>
    public static void Require(params string[] tools)
    {
        string[] absent = [.. tools.Where(tool => !IsPresent(tool))];
        if (absent.Length == 0)
        {
            return;
        }

        string reason = $"Not on this machine: {string.Join(", ", absent)} (.ci/run installs what the tests need).";
        if (Environment.GetEnvironmentVariable(RequireVariable) == "1")
        {
            Assert.Fail(reason);
        }

        Assert.Ignore(reason);
    }

    private static bool IsPresent(string tool) =>
        File.Exists(tool)
        || (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, tool)));
}
