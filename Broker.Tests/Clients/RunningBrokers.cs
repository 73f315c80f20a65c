using System.Globalization;
using NUnit.Framework;

namespace Broker.Tests.Clients;

/// <summary>The two brokers that the tests with real clients share: one with a listener for everything, one with EXT_PORT alone.</summary>
[SetUpFixture]
internal sealed class RunningBrokers
{
    /// <summary>Name of the listener that EXT_PORT opens.</summary>
    private const string OnePort = "one-port";

    private static readonly string[] Names =
        ["mqtt", "mqtt-tls", "ws", "ws-tls", "device", "device-tls", "device-proxy", "multiplexed"];

    private static TestCertificates? s_certificates;
    private static BrokerProcess? s_listeners;
    private static BrokerProcess? s_onePort;

    public static TestCertificates Certificates => s_certificates!;

    /// <summary>An endpoint by name: a listener's name, or `ext` for EXT_PORT; `multiplexed` and `ext` take TLS with the suffix `-tls`.</summary>
    public static Endpoint Endpoint(string name)
    {
        bool isTls = name.EndsWith("-tls", StringComparison.Ordinal);
        string plainName = isTls ? name[..^"-tls".Length] : name;
        return plainName switch
        {
            "ext" => new Endpoint(s_onePort!.Port(OnePort), isTls),
            "multiplexed" => new Endpoint(s_listeners!.Port(plainName), isTls),
            _ => new Endpoint(s_listeners!.Port(name), isTls),
        };
    }

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        s_certificates = new TestCertificates();
        Task<BrokerProcess> listeners = BrokerProcess.StartAsync(Names, ListenerSettings(), ("EXT_PORT", ""));
        Task<BrokerProcess> onePort = BrokerProcess.StartAsync(
            [OnePort],
            [.. s_certificates.Settings, $"Listeners:{OnePort}:ProxyProtocol=true"],
            ("EXT_PORT", BrokerProcess.FreePort().ToString(CultureInfo.InvariantCulture)));
        s_listeners = await listeners;
        s_onePort = await onePort;
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        foreach (BrokerProcess broker in new[] { s_listeners, s_onePort }.OfType<BrokerProcess>())
        {
            await TestContext.Progress.WriteLineAsync(broker.Log.Contains("   at ", StringComparison.Ordinal) ? broker.Log : "");
            await broker.DisposeAsync();
        }

        s_certificates?.Dispose();
    }

    private static IEnumerable<string> ListenerSettings()
    {
        string[] tls = Certificates.Settings;
        return
        [
            "Admin:Port=0",
            .. BrokerProcess.Listener("mqtt", "Mqtt"),
            .. BrokerProcess.Listener("mqtt-tls", "Mqtt", tls),
            .. BrokerProcess.Listener("ws", "WebSocket"),
            .. BrokerProcess.Listener("ws-tls", "WebSocket", tls),
            .. BrokerProcess.Listener("device", "PrivateTcp"),
            .. BrokerProcess.Listener("device-tls", "PrivateTcp", tls),
            .. BrokerProcess.Listener("device-proxy", "PrivateTcp", "ProxyProtocol=true"),
            .. BrokerProcess.Listener("multiplexed", "Multiplexed", [.. tls, "ProxyProtocol=true"]),
        ];
    }
}
