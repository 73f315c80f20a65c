using Broker.Tests.Infrastructure;
using Broker.Tests.Transports;
using NUnit.Framework;

namespace Broker.Tests.Hosting;

/// <summary>A shutdown waits for nobody who has not said who it is.</summary>
internal sealed class ShutdownTests
{
    private readonly CertificateDirectory _files = new();

    [OneTimeTearDown]
    public void DeleteFiles() => _files.Dispose();

    [TestCase("Mqtt", "Epoll", false, false)]
    [TestCase("Mqtt", "Sockets", false, false)]
    [TestCase("PrivateTcp", "Sockets", false, false)]
    [TestCase("Multiplexed", "Auto", false, false)]
    [TestCase("Mqtt", "Auto", true, false)]
    [TestCase("Mqtt", "Auto", true, true)]
    [TestCase("PrivateTcp", "Auto", true, true)]
    public async Task Nobody_without_a_session_holds_it_up(string protocol, string transport, bool isTls, bool handshakes)
    {
        ServedBroker broker = await ServedBroker.StartAsync([
            $"Transport={transport}",
            "ShutdownTimeoutSeconds=3600",
            "Listeners:l:Address=127.0.0.1",
            "Listeners:l:Port=0",
            $"Listeners:l:Protocol={protocol}",
            .. isTls ? [$"Listeners:l:Tls:CertificateFile={_files.Combined}", "Listeners:l:Tls:HandshakeTimeoutSeconds=60"] : Array.Empty<string>(),
        ]);
        using RawClient client = await broker.OpenAsync("l");
        if (handshakes)
        {
            await client.HandshakeAsync();
        }

        await broker.DisposeAsync().AsTask().WaitAsync(RawClient.Patience);
    }
}
