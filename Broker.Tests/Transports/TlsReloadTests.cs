using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Broker.Configuration;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Transports;

/// <summary>Certificate, CA bundle and revocation list change while clients are busy; nobody is dropped, and new handshakes use what is new.</summary>
internal sealed class TlsReloadTests
{
    private const int Busy = 8;

    private readonly CertificateDirectory _files = new();

    [OneTimeTearDown]
    public void DeleteFiles() => _files.Dispose();

    [TestCase(ListenerProtocol.Mqtt)]
    [TestCase(ListenerProtocol.Multiplexed)]
    public async Task Files_change_under_load_without_dropping_a_connection(ListenerProtocol protocol)
    {
        TlsOptions tls = Options();
        await using TransportHost host = await TransportHost.StartAsync(
            new ListenerOptions { Protocol = protocol, Address = "127.0.0.1", Tls = tls });
        using var stop = new CancellationTokenSource();
        List<RawClient> clients = [];
        for (int i = 0; i < Busy; i++)
        {
            clients.Add(await ConnectAsync(host, TestCertificates.Client));
        }

        Task<int>[] load = [.. clients.Select(client => Task.Run(() => EchoUntilAsync(client, stop.Token)))];
        for (int i = 0; i < 20; i++)
        {
            File.WriteAllText(tls.CertificateFile!, TestCertificates.Pem(TestCertificates.Issue($"CN=broker-{i}", TestCertificates.Authority)));
            Assert.That(host.Tls.TryReload(), Is.Null);
            using RawClient later = await ConnectAsync(host, TestCertificates.Client);
            Assert.That(later.ServerSubject, Is.EqualTo($"CN=broker-{i}"));
        }

        await stop.CancelAsync();
        Assert.That(await Task.WhenAll(load).WaitAsync(RawClient.Patience), Is.All.GreaterThan(0));
        clients.ForEach(static client => client.Dispose());
    }

    [Test]
    public async Task A_certificate_that_is_revoked_later_does_not_come_in_again_and_its_connection_stays()
    {
        TlsOptions tls = Options();
        await using TransportHost host = await TransportHost.StartAsync(
            new ListenerOptions { Protocol = ListenerProtocol.Mqtt, Address = "127.0.0.1", Tls = tls });
        using RawClient before = await ConnectAsync(host, TestCertificates.Client);

        _files.Write("revoked.pem", TestCertificates.RevocationList(TestCertificates.Authority, TestCertificates.Client));
        Assert.That(host.Tls.TryReload(), Is.Null);

        Assert.That(async () => await ConnectAsync(host, TestCertificates.Client), Throws.InstanceOf<Exception>());
        using RawClient after = await ConnectAsync(host, TestCertificates.OtherClient);
        await before.SendAsync("still here\n");
        Assert.That(await before.ReceiveLineAsync(), Is.EqualTo("still here"));
    }

    [Test]
    public async Task A_CA_comes_and_goes()
    {
        TlsOptions tls = Options();
        await using TransportHost host = await TransportHost.StartAsync(
            new ListenerOptions { Protocol = ListenerProtocol.Mqtt, Address = "127.0.0.1", Tls = tls });
        Assert.That(async () => await ConnectAsync(host, TestCertificates.Stranger), Throws.InstanceOf<Exception>());

        _files.Write("bundle.pem", TestCertificates.OtherAuthority.ExportCertificatePem());
        Assert.That(host.Tls.TryReload(), Is.Null);

        using RawClient stranger = await ConnectAsync(host, TestCertificates.Stranger);
        Assert.That(async () => await ConnectAsync(host, TestCertificates.Client), Throws.InstanceOf<Exception>());
    }

    [Test]
    public async Task Files_that_are_broken_leave_what_is_in_force()
    {
        TlsOptions tls = Options();
        await using TransportHost host = await TransportHost.StartAsync(
            new ListenerOptions { Protocol = ListenerProtocol.Mqtt, Address = "127.0.0.1", Tls = tls });

        _files.Write("revoked.pem", "half a file");
        Assert.That(host.Tls.TryReload(), Does.Contain("revoked.pem"));

        using RawClient client = await ConnectAsync(host, TestCertificates.Client);
        Assert.That(async () => await ConnectAsync(host, TestCertificates.Stranger), Throws.InstanceOf<Exception>());
    }

    private TlsOptions Options() => new()
    {
        CertificateFile = _files.Write("reloaded.pem", TestCertificates.Pem(TestCertificates.Server)),
        ClientCertificate = ClientCertificateMode.Required,
        CaFile = _files.Write("bundle.pem", TestCertificates.Authority.ExportCertificatePem()),
        RevocationFile = _files.Write("revoked.pem", TestCertificates.RevocationList(TestCertificates.Authority)),
    };

    private static async Task<RawClient> ConnectAsync(TransportHost host, X509Certificate2 certificate)
    {
        RawClient client = await host.ConnectAsync();
        try
        {
            await client.HandshakeAsync(certificate);
            await client.SendAsync(FirstPackets.Mqtt);
            await client.ReceiveLineAsync();
            await client.ReceiveAsync(FirstPackets.Mqtt.Length);
            return client;
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            client.Dispose();
            throw;
        }
    }

    // Lines that came back; fails when the connection ends or one is wrong.
    private static async Task<int> EchoUntilAsync(RawClient client, CancellationToken stop)
    {
        int lines = 0;
        while (!stop.IsCancellationRequested || lines == 0)
        {
            await client.SendAsync($"{lines}\n");
            Assert.That(await client.ReceiveLineAsync(), Is.EqualTo($"{lines++}"));
        }

        return lines;
    }
}
