using Broker.Configuration;
using Broker.Tests.Infrastructure;
using Broker.Transports.Tls;
using NUnit.Framework;

namespace Broker.Tests.Transports;

/// <summary>Several certificates on one listener, chosen by the name that the client asks for (SNI).</summary>
internal sealed class ServerNameTests
{
    private readonly CertificateDirectory _files = new();

    [OneTimeTearDown]
    public void DeleteFiles() => _files.Dispose();

    [TestCase("localhost", "CN=localhost")]
    [TestCase("a.example", "CN=exact")]
    [TestCase("A.Example", "CN=exact")]
    [TestCase("b.field.example", "CN=wildcard")]
    public async Task The_name_that_a_client_asks_for_chooses_the_certificate(string name, string subject)
    {
        await using TransportHost host = await TransportHost.StartAsync(
            new ListenerOptions { Protocol = ListenerProtocol.Mqtt, Address = "127.0.0.1", Tls = Options() });
        using RawClient client = await host.ConnectAsync();

        await client.HandshakeAsync(serverName: name);

        Assert.That(client.ServerSubject, Is.EqualTo(subject));
        Assert.That(await client.ReceiveLineAsync(), Does.StartWith("mqtt on"));
    }

    [TestCase(null, "CN=localhost")]
    [TestCase("", "CN=localhost")]
    [TestCase("example", "CN=localhost")]
    [TestCase("x.b.field.example", "CN=localhost")]
    [TestCase(".field.example", "CN=localhost")]
    [TestCase("*.field.example", "CN=wildcard")]
    [TestCase("b.field.EXAMPLE", "CN=wildcard")]
    public void Who_asks_for_nothing_or_something_else_gets_the_one_for_all_others(string? name, string subject) =>
        Assert.That(TlsSettings.Load(Options()).For(name).ServerCertificateContext!.TargetCertificate.Subject, Is.EqualTo(subject));

    [Test]
    public void Each_name_asks_for_client_certificates_like_the_listener()
    {
        TlsOptions options = Options();
        options.ClientCertificate = ClientCertificateMode.Required;
        TlsSettings settings = TlsSettings.Load(options);

        Assert.That(settings.For("a.example").ClientCertificateRequired, Is.True);
        Assert.That(TlsSettings.Load(Options()).For("a.example").ClientCertificateRequired, Is.False);
    }

    [Test]
    public void A_reload_takes_all_names_or_none()
    {
        TlsOptions options = Options();
        TlsSettings settings = TlsSettings.Load(options);
        var before = (settings.Authentication, settings.For("a.example"));

        string good = File.ReadAllText(options.ServerNames["a.example"].CertificateFile!);
        File.WriteAllText(options.ServerNames["a.example"].CertificateFile!, "broken");
        Assert.That(settings.TryReload(), Does.Contain("neither PEM nor"));
        Assert.That((settings.Authentication, settings.For("a.example")), Is.EqualTo(before));

        File.WriteAllText(options.ServerNames["a.example"].CertificateFile!, good);
        Assert.That(settings.TryReload(), Is.Null);
        Assert.That(settings.For("a.example"), Is.Not.SameAs(before.Item2));
    }

    private TlsOptions Options()
    {
        var options = new TlsOptions { CertificateFile = _files.Chain, KeyFile = _files.Key };
        options.ServerNames["a.example"] = Certificate("exact", "a.example");
        options.ServerNames["*.field.example"] = Certificate("wildcard", "*.field.example");
        return options;
    }

    private ServerCertificateOptions Certificate(string subject, string name) => new()
    {
        CertificateFile = _files.Write(
            $"{subject}.pem", TestCertificates.Pem(TestCertificates.Issue($"CN={subject}", TestCertificates.Authority, names => names.AddDnsName(name)))),
    };
}
