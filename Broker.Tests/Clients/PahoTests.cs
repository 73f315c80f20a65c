using System.Globalization;
using NUnit.Framework;

namespace Broker.Tests.Clients;

/// <summary>Eclipse Paho for Python, as Debian packages it. scenarios.py has what it does and asserts.</summary>
[Parallelizable]
internal sealed class PahoTests
{
    private static readonly string[] Endpoints = ["mqtt", "mqtt-tls", "ws", "ws-tls", "ext", "ext-tls"];
    private static readonly string[] Versions = ["3", "4", "5"];

    [OneTimeSetUp]
    public void Require() => Tool.Require(Tool.Python, Tool.PahoModule);

    [Test]
    public async Task Scenarios_succeed([ValueSource(nameof(Endpoints))] string name, [ValueSource(nameof(Versions))] string version)
    {
        Endpoint endpoint = RunningBrokers.Endpoint(name);
        string[] tls = endpoint.IsTls ? [RunningBrokers.Certificates.AuthorityFile] : [];

        string transport = name.StartsWith("ws", StringComparison.Ordinal) ? "websockets" : "tcp";
        string output = await ToolProcess.RunAsync(
            Tool.Python, [Tool.Script("scenarios.py"), endpoint.Port.ToString(CultureInfo.InvariantCulture), version, transport, .. tls]);

        Assert.That(output, Does.EndWith("all passed"));
    }
}
