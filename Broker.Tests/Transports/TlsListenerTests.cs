using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Broker.Configuration;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Transports;

internal sealed class TlsListenerTests
{
    private readonly CertificateDirectory _files = new();

    [OneTimeTearDown]
    public void DeleteFiles() => _files.Dispose();

    [TestCase(ClientCertificateMode.None, "device", "none")]
    [TestCase(ClientCertificateMode.Optional, "device", "CN=device-7, O=Field")]
    [TestCase(ClientCertificateMode.Optional, "nobody", "none")]
    [TestCase(ClientCertificateMode.Optional, "stranger", null)]
    [TestCase(ClientCertificateMode.Required, "device", "CN=device-7, O=Field")]
    [TestCase(ClientCertificateMode.Required, "nobody", null)]
    [TestCase(ClientCertificateMode.Required, "stranger", null)]
    public async Task Client_certificates_are_asked_for_and_checked(ClientCertificateMode mode, string who, string? expected)
    {
        await using TransportHost host = await TransportHost.StartAsync(Listener(tls =>
        {
            tls.ClientCertificate = mode;
            tls.CaFile = _files.Authority;
        }));
        using RawClient client = await host.ConnectAsync();
        X509Certificate2? certificate = who switch
        {
            "device" => TestCertificates.Client,
            "stranger" => TestCertificates.Stranger,
            _ => null,
        };
        string greeting = "";
        try
        {
            await client.HandshakeAsync(certificate);
            greeting = await client.ReceiveToFirstLineOrEndAsync();
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            // TLS 1.2 refuses in the handshake, 1.3 after it
        }
        Assert.That(greeting, expected is null ? Is.Empty : Does.EndWith("certificate " + expected));
        Assert.That(host.Log.ToString(), Does.Not.Contain("   at "), "no stack trace for a client's fault");
    }

    [TestCase("1.2", SslProtocols.Tls13)]
    [TestCase("1.3", SslProtocols.Tls12)]
    public async Task A_version_that_is_not_allowed_is_refused(string allowed, SslProtocols offered)
    {
        await using TransportHost host = await TransportHost.StartAsync(Listener(tls => tls.Versions = [allowed]));
        using RawClient client = await host.ConnectAsync();
        Assert.That(async () => await client.HandshakeAsync(versions: offered), Throws.InstanceOf<Exception>());
    }

    [TestCase(new[] { "1.2" }, SslProtocols.None, SslProtocols.Tls12)]
    [TestCase(new[] { "1.3" }, SslProtocols.None, SslProtocols.Tls13)]
    [TestCase(new[] { "1.3" }, SslProtocols.Tls12 | SslProtocols.Tls13, SslProtocols.Tls13)]
    [TestCase(new[] { "1.2", "1.3" }, SslProtocols.Tls12, SslProtocols.Tls12)]
    [TestCase(new string[0], SslProtocols.Tls12 | SslProtocols.Tls13, SslProtocols.Tls13)]
    public async Task The_highest_allowed_version_is_agreed_on(string[] allowed, SslProtocols offered, SslProtocols expected)
    {
        await using TransportHost host = await TransportHost.StartAsync(Listener(tls => tls.Versions = [.. allowed]));
        using RawClient client = await host.ConnectAsync();

        await client.HandshakeAsync(versions: offered);

        Assert.That(client.Version, Is.EqualTo(expected));
    }

    [Test]
    public async Task A_handshake_that_does_not_begin_ends_and_one_that_is_done_stays()
    {
        await using TransportHost host = await TransportHost.StartAsync(Listener(static tls => tls.HandshakeTimeoutSeconds = 1));
        using RawClient done = await host.ConnectAsync();
        await done.HandshakeAsync();
        await done.ReceiveLineAsync();
        using RawClient silent = await host.ConnectAsync();

        Assert.That(await silent.ReceiveToEndAsync(), Is.Empty);

        await done.SendAsync("still here\n");
        Assert.That(await done.ReceiveLineAsync(), Is.EqualTo("still here"));
    }

    private ListenerOptions Listener(Action<TlsOptions> configure)
    {
        var tls = new TlsOptions { CertificateFile = _files.Chain, KeyFile = _files.Key };
        configure(tls);
        return new ListenerOptions { Protocol = ListenerProtocol.Mqtt, Address = "127.0.0.1", Tls = tls };
    }
}
