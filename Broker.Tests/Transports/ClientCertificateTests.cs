using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Broker.Configuration;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Transports;

/// <summary>Which client certificates a listener takes: from which CA, until when, what for, and not revoked.</summary>
internal sealed class ClientCertificateTests
{
    private readonly CertificateDirectory _files = new();

    [OneTimeTearDown]
    public void DeleteFiles() => _files.Dispose();

    [Test]
    public async Task A_bundle_holds_any_number_of_CAs()
    {
        await using TransportHost host = await StartAsync(TestCertificates.Authority, TestCertificates.OtherAuthority);

        Assert.That(await GreetingAsync(host, TestCertificates.Client), Does.EndWith("CN=device-7, O=Field"));
        Assert.That(await GreetingAsync(host, TestCertificates.Stranger), Does.EndWith("CN=stranger"));
    }

    [TestCase(true, true, true)]
    [TestCase(true, false, true)]
    [TestCase(false, true, true)]
    [TestCase(false, false, false)]
    public async Task A_CA_in_between_is_sent_along_or_in_the_bundle(bool inBundle, bool sent, bool accepted)
    {
        await using TransportHost host = await StartAsync(inBundle ? [TestCertificates.Authority, TestCertificates.IntermediateAuthority] : [TestCertificates.Authority]);

        string greeting = await GreetingAsync(host, TestCertificates.BelowIntermediate, sent ? [X509CertificateLoader.LoadCertificate(TestCertificates.IntermediateAuthority.RawData)] : []);

        Assert.That(greeting, accepted ? Does.EndWith("CN=below") : Is.Empty);
    }

    [TestCase(-1, false)]
    [TestCase(1, true)]
    public async Task A_certificate_ends(int days, bool accepted)
    {
        await using TransportHost host = await StartAsync(TestCertificates.Authority);
        using X509Certificate2 certificate = TestCertificates.Issue("CN=old", TestCertificates.Authority, until: DateTimeOffset.UtcNow.AddDays(days));

        Assert.That(await GreetingAsync(host, certificate), accepted ? Does.EndWith("CN=old") : Is.Empty);
    }

    [TestCase("1.3.6.1.5.5.7.3.1", false)]
    [TestCase("1.3.6.1.5.5.7.3.2", true)]
    public async Task A_servers_certificate_is_none_of_a_client(string usage, bool accepted)
    {
        await using TransportHost host = await StartAsync(TestCertificates.Authority);
        using X509Certificate2 certificate = TestCertificates.Issue("CN=other", TestCertificates.Authority, usage: new Oid(usage));

        Assert.That(await GreetingAsync(host, certificate), accepted ? Does.EndWith("CN=other") : Is.Empty);
    }

    [TestCase(SslProtocols.Tls12)]
    [TestCase(SslProtocols.Tls13)]
    public async Task A_revoked_certificate_is_refused_and_the_others_are_not(SslProtocols version)
    {
        using X509Certificate2 lost = TestCertificates.Issue("CN=lost", TestCertificates.Authority);
        await using TransportHost host = await StartAsync(
            TestCertificates.RevocationList(TestCertificates.Authority, lost), TestCertificates.Authority);

        Assert.That(await GreetingAsync(host, lost, version: version), Is.Empty);
        Assert.That(await GreetingAsync(host, TestCertificates.Client, version: version), Does.EndWith("CN=device-7, O=Field"));
    }

    [TestCase(true, false)]
    [TestCase(false, true)]
    public async Task A_revoked_CA_takes_with_it_what_it_has_issued(bool revoked, bool accepted)
    {
        await using TransportHost host = await StartAsync(
            TestCertificates.RevocationList(TestCertificates.Authority, revoked ? [TestCertificates.IntermediateAuthority] : []), TestCertificates.Authority, TestCertificates.IntermediateAuthority);

        Assert.That(await GreetingAsync(host, TestCertificates.BelowIntermediate), accepted ? Does.EndWith("CN=below") : Is.Empty);
    }

    private Task<TransportHost> StartAsync(params X509Certificate2[] authorities) => StartAsync(null, authorities);

    private Task<TransportHost> StartAsync(string? revocationList, params X509Certificate2[] authorities) =>
        TransportHost.StartAsync(new ListenerOptions
        {
            Protocol = ListenerProtocol.Mqtt,
            Address = "127.0.0.1",
            Tls = new TlsOptions
            {
                CertificateFile = _files.Chain,
                KeyFile = _files.Key,
                ClientCertificate = ClientCertificateMode.Required,
                CaFile = _files.Write("bundle.pem", string.Join('\n', authorities.Select(static each => each.ExportCertificatePem()))),
                RevocationFile = revocationList is null ? null : _files.Write("revoked.pem", revocationList),
            },
        });

    // Empty when the broker refuses: TLS 1.2 does so in the handshake, 1.3 after it.
    private static async Task<string> GreetingAsync(
        TransportHost host, X509Certificate2 certificate, X509Certificate2Collection? chain = null, SslProtocols version = SslProtocols.None)
    {
        using RawClient client = await host.ConnectAsync();
        try
        {
            await client.HandshakeAsync(certificate, version, chain: chain);
            return await client.ReceiveToFirstLineOrEndAsync();
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            return "";
        }
    }
}
