using System.Net.WebSockets;
using Broker.Tests.Infrastructure;
using Broker.Tests.Transports;
using NUnit.Framework;

namespace Broker.Tests.Hosting;

/// <summary>Who a client is by its certificate, on every kind of listener that speaks TLS.</summary>
internal sealed class CertificateLoginTests
{
    private const string Accepted = "20020000";
    private const string NotAuthorized = "20020005";

    private readonly CertificateDirectory _files = new();

    [OneTimeTearDown]
    public void DeleteFiles() => _files.Dispose();

    [TestCase("Mqtt", "device-7", Accepted)]
    [TestCase("Mqtt", "device-8", "20020002")]
    [TestCase("Multiplexed", "device-7", Accepted)]
    [TestCase("Multiplexed", "device-8", "20020002")]
    public async Task A_certificate_logs_in_over_TLS(string protocol, string clientId, string answer)
    {
        await using ServedBroker broker = await StartAsync(protocol);
        using RawClient client = await broker.OpenAsync("field");
        await client.HandshakeAsync(TestCertificates.Client);
        await client.SendAsync(ServedBroker.ConnectPacket(clientId));

        Assert.That(Convert.ToHexString(await client.ReceiveAsync(4)), Is.EqualTo(answer));
        Assert.That(broker.Broker.Sessions.Find(clientId)?.Identity.Username, Is.EqualTo(answer == Accepted ? "device-7" : null));
    }

    [TestCase("Mqtt")]
    [TestCase("Multiplexed")]
    public async Task Without_a_certificate_nobody_is_known(string protocol)
    {
        await using ServedBroker broker = await StartAsync(protocol);
        using RawClient client = await broker.OpenAsync("field");
        await client.HandshakeAsync();
        await client.SendAsync(ServedBroker.ConnectPacket("device-7"));

        Assert.That(Convert.ToHexString(await client.ReceiveAsync(4)), Is.EqualTo(NotAuthorized));
    }

    [Test]
    public async Task The_plain_side_of_one_port_knows_nobody()
    {
        await using ServedBroker broker = await StartAsync("Multiplexed");
        using RawClient client = await broker.OpenAsync("field");
        await client.SendAsync(ServedBroker.ConnectPacket("device-7"));

        Assert.That(Convert.ToHexString(await client.ReceiveAsync(4)), Is.EqualTo(NotAuthorized));
    }

    [TestCase("WebSocket", true, Accepted)]
    [TestCase("WebSocket", false, NotAuthorized)]
    [TestCase("Multiplexed", true, Accepted)]
    [TestCase("Multiplexed", false, NotAuthorized)]
    public async Task A_certificate_logs_in_over_WebSocket(string protocol, bool certificate, string answer)
    {
        await using ServedBroker broker = await StartAsync(protocol);
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt");
        socket.Options.RemoteCertificateValidationCallback = static (_, shown, _, _) => shown is not null;
        if (certificate)
        {
            socket.Options.ClientCertificates = [TestCertificates.Client];
        }

        using var patience = new CancellationTokenSource(RawClient.Patience);
        await socket.ConnectAsync(new Uri($"wss://127.0.0.1:{broker.PortOf("field")}/mqtt"), patience.Token);
        await socket.SendAsync(ServedBroker.ConnectPacket("device-7"), WebSocketMessageType.Binary, true, patience.Token);
        byte[] received = new byte[4];
        ValueWebSocketReceiveResult result = await socket.ReceiveAsync(received.AsMemory(), patience.Token);

        Assert.That((result.Count, Convert.ToHexString(received)), Is.EqualTo((4, answer)));
    }

    [Test]
    public async Task A_device_logs_in_by_its_certificate()
    {
        await using ServedBroker broker = await StartAsync("PrivateTcp");
        using RawClient client = await broker.OpenAsync("field");
        await client.HandshakeAsync(TestCertificates.Client);
        await client.SendAsync([0x11, 0x00, 0x0B, 0x3C, 0x00, 0x08, .. "device-7"u8]);
        await client.ReceiveAsync(1);

        Assert.That(broker.Broker.Sessions.Find("device-7")?.Identity.Username, Is.EqualTo("device-7"));
    }

    private Task<ServedBroker> StartAsync(string protocol) => ServedBroker.StartAsync(
        $"Listeners:field:Protocol={protocol}",
        "Listeners:field:Address=127.0.0.1",
        $"Listeners:field:Tls:CertificateFile={_files.Combined}",
        $"Listeners:field:Tls:CaFile={_files.Authority}",
        "Listeners:field:Tls:ClientCertificate=Optional",
        "Listeners:field:Tls:CertificateUsername=CommonName",
        "Listeners:field:Tls:CertificateClientId=CommonName");
}
