using Broker.Configuration;
using Broker.Configuration.Loading;
using NUnit.Framework;

namespace Broker.Tests.Configuration;

public sealed class OptionsValidatorTests
{
    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void SetUp() => _directory = new TemporaryDirectory();

    [TearDown]
    public void TearDown() => _directory.Dispose();

    [Test]
    public void A_key_without_certificate_is_an_error_where_it_was_written()
    {
        string key = _directory.Write("key.pem", "");

        ConfigurationError error = Load($"Listeners:a:Tls:KeyFile={key}").Errors.Single();

        Assert.That(error.Key, Is.EqualTo("--set Listeners:a:Tls:KeyFile"));
        Assert.That(error.Reason, Is.EqualTo("a private key without a certificate"));
    }

    [Test]
    public void Client_certificates_need_TLS() =>
        Assert.That(Load("Tls:ClientCertificate=Required").Errors.Single().Reason, Is.EqualTo("client certificates need TLS"));

    [Test]
    public void A_username_from_a_certificate_needs_one_to_be_asked_for() =>
        Assert.That(Load("Tls:CertificateUsername=CommonName").Errors.Single().Advice, Is.EqualTo("set ClientCertificate to Optional or Required"));

    [Test]
    public void Offline_downlinks_need_a_QoS_above_0()
    {
        Assert.That(Load("PrivateTcp:KeepOfflineDownlinks=true").Errors.Single().Key, Is.EqualTo("--set PrivateTcp:KeepOfflineDownlinks"));
        Assert.That(Load("Listeners:a:PrivateTcp:KeepOfflineDownlinks=true").Errors, Has.Count.EqualTo(1));
        Assert.That(Load("PrivateTcp:KeepOfflineDownlinks=true", "PrivateTcp:DownlinkQos=1").Errors, Is.Empty);
        Assert.That(Load("PrivateTcp:DownlinkQos=1", "Listeners:a:PrivateTcp:KeepOfflineDownlinks=true").Errors, Is.Empty);
    }

    [Test]
    public void Two_listeners_cannot_share_a_port()
    {
        ConfigurationError error = Load("Listeners:a:Port=1883", "Listeners:b:Port=1883").Errors.Single();

        Assert.That(error.Key, Is.EqualTo("--set Listeners:b:Port"));
        Assert.That(error.Reason, Is.EqualTo("port 1883 of localhost is already taken by a"));
    }

    [Test]
    public void Different_addresses_may_share_a_port() =>
        Assert.That(
            Load(
                "Authentication:AllowAnonymous=true", "Listeners:a:Port=1883", "Listeners:a:Address=10.0.0.1",
                "Listeners:b:Port=1883", "Listeners:b:Address=10.0.0.2").Errors,
            Is.Empty);

    [Test]
    public void All_addresses_include_each_one() =>
        Assert.That(
            Load(
                "Authentication:AllowAnonymous=true", "Listeners:a:Port=1883", "Listeners:a:Address=0.0.0.0",
                "Listeners:b:Port=1883", "Listeners:b:Address=10.0.0.2").Errors,
            Has.Count.EqualTo(1));

    [Test]
    public void The_system_may_choose_several_ports() =>
        Assert.That(Load("Listeners:a:Port=0", "Listeners:b:Port=0").Errors, Is.Empty);

    [Test]
    public void The_operators_HTTP_takes_part_in_the_port_check()
    {
        Assert.That(Load("Admin:Port=1883").Errors.Single().Reason, Is.EqualTo("port 1883 of 127.0.0.1 is already taken by mqtt"));
        Assert.That(Load("ExtPort=9010", "Admin:Port=9010").Errors.Single().Key, Is.EqualTo("--set Admin:Port"));
        Assert.That(Load("ExtPort=18083").Errors, Is.Empty);
    }

    [Test]
    public void Configured_listeners_beside_ExtPort_are_named_in_a_warning() =>
        Assert.That(
            Load("ExtPort=9010", "Listeners:a:Port=1").Warnings, Is.EqualTo(["the listeners a are not opened, because EXT_PORT is set"]));

    [Test]
    public void A_listener_held_back_to_loopback_is_named_in_a_warning() =>
        Assert.That(Load("Listeners:a:Port=1", "Listeners:a:Address=0.0.0.0").Warnings.Single(),
            Does.StartWith("listener a is bound to loopback instead of 0.0.0.0"));

    [TestCase("Admin:Address=192.0.2.1", "the operators' HTTP leaves this host, and everybody could use it")]
    [TestCase("Admin:Address=0.0.0.0", "the operators' HTTP leaves this host, and everybody could use it")]
    [TestCase("Admin:Address=192.0.2.1 Admin:Token=0123456789abcdef", null)]
    [TestCase("Admin:Address=192.0.2.1 Admin:Port=0", null)]
    [TestCase("Admin:Address=127.0.0.2", null)]
    [TestCase("Admin:Address=::1", null)]
    [TestCase("Admin:Token=0123456789abcde", "too short")]
    public void The_operators_HTTP_needs_a_token_beyond_loopback(string settings, string? reason) => Assert.That(
        Load(["Authentication:AllowAnonymous=true", .. settings.Split(' ')]).Errors.SingleOrDefault()?.Reason, Is.EqualTo(reason));

    [Test]
    public void The_operators_HTTP_that_is_held_back_to_loopback_needs_no_token() => Assert.That(Load("Admin:Address=0.0.0.0").Errors, Is.Empty);

    [Test]
    public void The_operators_have_one_token() => Assert.That(
        Load("Admin:Token=0123456789abcdef", $"Admin:TokenFile={_directory.Write("token", "0123456789abcdef")}").Errors.Single().Reason,
        Is.EqualTo("two tokens"));

    [Test]
    public void The_operators_TLS_has_the_rules_of_any() =>
        Assert.That(Load("Admin:Tls:ClientCertificate=Required").Errors.Single().Reason, Is.EqualTo("client certificates need TLS"));

    [TestCase("Jwt", "set a key in Authentication:Jwt")]
    [TestCase("Http", "set Authentication:Http:Url")]
    [TestCase("PasswordFile", "set Authentication:PasswordFile")]
    [TestCase("Scram", "set Authentication:PasswordFile")]
    [TestCase("Anonymous", null)]
    [TestCase("Anonymous,Anonymous", "name each once")]
    public void A_listener_names_ways_to_log_in_that_there_are(string methods, string? advice) =>
        Assert.That(Load($"Listeners:a:Authentication={methods}").Errors.SingleOrDefault()?.Advice, Is.EqualTo(advice));

    [Test]
    public void A_listener_may_name_what_is_configured() => Assert.That(
        Load(
            "Listeners:a:Authentication=Jwt,Http,PasswordFile,Scram",
            "Authentication:Http:Url=http://127.0.0.1/",
            $"Authentication:PasswordFile={_directory.Write("users", "")}",
            $"Authentication:Jwt:SecretFile={_directory.Write("secret", "")}").Errors,
        Is.Empty);

    [TestCase("Tls:ServerNames:a.example:KeyFile=key", "set CertificateFile in it")]
    [TestCase("Tls:ServerNames:a.example:CertificateFile=key", null)]
    public void A_server_name_has_a_certificate(string setting, string? advice)
    {
        string file = _directory.Write("key", "");

        Assert.That(
            Load($"Tls:CertificateFile={file}", setting.Replace("=key", $"={file}", StringComparison.Ordinal)).Errors.SingleOrDefault()?.Advice,
            Is.EqualTo(advice));
    }

    [TestCase("CertificateUsername=CommonName", false, "set CaFile to the CAs of the clients")]
    [TestCase("CertificateClientId=DnsName", false, "set CaFile to the CAs of the clients")]
    [TestCase("CertificateUsername=CommonName", true, null)]
    [TestCase("CertificateUsername=None", false, null)]
    public void Names_come_from_certificates_of_known_CAs_only(string names, bool known, string? advice)
    {
        string file = _directory.Write("file", "");

        Assert.That(
            Load([$"Tls:CertificateFile={file}", "Tls:ClientCertificate=Required", $"Tls:{names}", .. known ? [$"Tls:CaFile={file}"] : Array.Empty<string>()])
                .Errors.SingleOrDefault()?.Advice,
            Is.EqualTo(advice));
    }

    [Test]
    public void A_private_key_has_one_password()
    {
        string file = _directory.Write("file", "");

        Assert.That(
            Load($"Tls:CertificateFile={file}", "Tls:KeyPassword=a", $"Tls:KeyPasswordFile={file}").Errors.Single().Reason,
            Is.EqualTo("two passwords of the private key"));
        Assert.That(Load($"Tls:CertificateFile={file}", $"Tls:KeyPasswordFile={file}").Errors, Is.Empty);
    }

    private ConfigurationResult Load(params string[] settings) =>
        ConfigurationLoader.Load(new ConfigurationInputs { WorkingDirectory = _directory.Path, Settings = settings });
}
