using System.Runtime.Versioning;
using System.Security.Authentication;
using Broker.Configuration;
using Broker.Transports;
using Broker.Transports.Tls;
using NUnit.Framework;

namespace Broker.Tests.Transports;

internal sealed class TlsSettingsTests
{
    private readonly CertificateDirectory _files = new();

    [OneTimeTearDown]
    public void DeleteFiles() => _files.Dispose();

    [Test]
    public void Every_form_of_certificate_and_key_is_read()
    {
        TlsOptions[] forms =
        [
            new() { CertificateFile = _files.Chain, KeyFile = _files.Key },
            new() { CertificateFile = _files.Combined },
            new() { CertificateFile = _files.Chain, KeyFile = _files.EncryptedKey, KeyPassword = CertificateDirectory.Password },
            new() { CertificateFile = _files.Chain, KeyFile = _files.EncryptedKey, KeyPasswordFile = _files.Write("password", CertificateDirectory.Password + "\n") },
            new() { CertificateFile = _files.Pkcs12, KeyPassword = CertificateDirectory.Password },
            new() { CertificateFile = _files.Pkcs12, KeyPasswordFile = _files.Write("password-without-end", CertificateDirectory.Password) },
        ];
        foreach (TlsOptions form in forms)
        {
            TlsSettings settings = TlsSettings.Load(form);
            Assert.That(settings.Certificate.Subject, Is.EqualTo("CN=localhost"));
            Assert.That(settings.Certificate.HasPrivateKey, Is.True);
        }
    }

    [Test]
    public void A_reload_takes_what_is_there_now_and_keeps_what_it_has_when_that_is_broken()
    {
        string path = Path.Combine(Path.GetDirectoryName(_files.Combined)!, "reloaded.pem");
        File.Copy(_files.Combined, path, overwrite: true);
        TlsSettings settings = TlsSettings.Load(new() { CertificateFile = path });
        var before = settings.Authentication;

        File.WriteAllText(path, "broken");
        Assert.That(settings.TryReload(), Does.Contain("neither PEM nor"));
        Assert.That(settings.Authentication, Is.SameAs(before));

        File.Copy(_files.Combined, path, overwrite: true);
        Assert.That(settings.TryReload(), Is.Null);
        Assert.That(settings.Authentication, Is.Not.SameAs(before));
    }

    [Test]
    public void What_is_wrong_with_a_file_is_said_in_one_line()
    {
        string Failure(TlsOptions options) => Assert.Throws<ListenerStartException>(() => TlsSettings.Load(options)).Message;
        Assert.Multiple(() =>
        {
            Assert.That(Failure(new() { CertificateFile = _files.Missing }), Does.Contain("does not exist"));
            Assert.That(Failure(new() { CertificateFile = _files.Garbage }), Does.Contain("neither PEM nor"));
            Assert.That(Failure(new() { CertificateFile = _files.Chain }), Does.Contain("set KeyFile"));
            Assert.That(Failure(new() { CertificateFile = _files.Chain, KeyFile = _files.Missing }), Does.Contain("key file"));
            Assert.That(Failure(new() { CertificateFile = _files.Chain, KeyFile = _files.OtherKey }), Does.Contain("does not fit"));
            Assert.That(Failure(new() { CertificateFile = _files.Key }), Does.Contain("holds no PEM certificate"));
            Assert.That(Failure(new() { CertificateFile = _files.Chain, KeyFile = _files.EncryptedKey }), Does.Contain("set KeyPassword"));
            Assert.That(
                Failure(new() { CertificateFile = _files.Chain, KeyFile = _files.EncryptedKey, KeyPassword = "wrong" }),
                Does.Contain("KeyPassword"));
            Assert.That(
                Failure(new() { CertificateFile = _files.Chain, KeyFile = _files.EncryptedKey, KeyPasswordFile = _files.Garbage }),
                Does.Contain("KeyPassword"));
            Assert.That(
                Failure(new() { CertificateFile = _files.Chain, KeyFile = _files.EncryptedKey, KeyPasswordFile = _files.Missing }),
                Does.Contain("key password file"));
            Assert.That(Failure(new() { CertificateFile = _files.Pkcs12, KeyPassword = "wrong" }), Does.Contain("KeyPassword"));
            Assert.That(Failure(new() { CertificateFile = _files.Pkcs12 }), Does.Contain("KeyPassword"));
            Assert.That(
                Failure(new() { CertificateFile = _files.Combined, RevocationFile = _files.Garbage, ClientCertificate = ClientCertificateMode.Required }),
                Does.Contain("not a certificate revocation list"));
            Assert.That(
                Failure(new() { CertificateFile = _files.Combined, RevocationFile = _files.Authority, ClientCertificate = ClientCertificateMode.Required }),
                Does.Contain("no -----BEGIN X509 CRL-----"));
            Assert.That(
                Failure(new() { CertificateFile = _files.Combined, CaFile = _files.Garbage, ClientCertificate = ClientCertificateMode.Required }),
                Does.Contain("holds no PEM certificate"));
            Assert.That(Failure(new() { CertificateFile = _files.Combined, Versions = ["1.1"] }), Does.Contain("1.1"));
            Assert.That(Failure(new() { CertificateFile = _files.Combined, CipherSuites = ["ROT13"] }), Does.Contain("ROT13"));
        });
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Nothing_is_fetched_for_a_clients_certificate(bool hasBundle)
    {
        var options = new TlsOptions
        {
            CertificateFile = _files.Combined,
            ClientCertificate = ClientCertificateMode.Optional,
            CaFile = hasBundle ? _files.Authority : null,
        };

        Assert.That(TlsSettings.Load(options).Authentication.CertificateChainPolicy!.DisableCertificateDownloads, Is.True);
    }

    [Test]
    public void What_is_wrong_with_a_password_does_not_say_it()
    {
        var options = new TlsOptions { CertificateFile = _files.Chain, KeyFile = _files.EncryptedKey, KeyPassword = "wrong-but-secret" };
        Assert.That(Assert.Throws<ListenerStartException>(() => TlsSettings.Load(options)).ToString(), Does.Not.Contain("wrong-but-secret"));
    }

    [Test]
    public void The_files_that_are_looked_after_are_all_that_are_read()
    {
        var options = new TlsOptions { CertificateFile = _files.Chain, KeyFile = _files.Key, CaFile = _files.Authority };
        options.ServerNames["a.example"] = new ServerCertificateOptions { CertificateFile = _files.Pkcs12, KeyPasswordFile = _files.Write("pw", CertificateDirectory.Password) };

        Assert.That(
            TlsSettings.Load(options).Files.Select(Path.GetFileName), Is.EquivalentTo(["chain.pem", "key.pem", "ca.pem", "server.p12", "pw"]));
    }

    [TestCase(new string[0], SslProtocols.Tls12 | SslProtocols.Tls13)]
    [TestCase(new[] { "1.3" }, SslProtocols.Tls13)]
    public void Versions_are_as_configured(string[] versions, SslProtocols expected)
    {
        TlsSettings settings = TlsSettings.Load(new TlsOptions { CertificateFile = _files.Combined, Versions = [.. versions] });
        Assert.That(settings.Authentication.EnabledSslProtocols, Is.EqualTo(expected));
    }

    [Test]
    [SupportedOSPlatform("linux")]
    public void Cipher_suites_are_as_configured()
    {
        TlsSettings settings = TlsSettings.Load(
            new TlsOptions { CertificateFile = _files.Combined, CipherSuites = ["TLS_AES_128_GCM_SHA256"] });
        Assert.That(settings.Authentication.CipherSuitesPolicy!.AllowedCipherSuites.Select(suite => suite.ToString()),
            Is.EqualTo(new[] { "TLS_AES_128_GCM_SHA256" }));
    }
}
