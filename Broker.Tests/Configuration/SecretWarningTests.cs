using System.Runtime.Versioning;
using Broker.Configuration.Loading;
using NUnit.Framework;

namespace Broker.Tests.Configuration;

/// <summary>Secrets that others than the broker can see are warned about.</summary>
[SupportedOSPlatform("linux")]
internal sealed class SecretWarningTests
{
    private const UnixFileMode OwnersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Key = "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n";

    private readonly TemporaryDirectory _directory = new();

    [OneTimeTearDown]
    public void TearDown() => _directory.Dispose();

    [TestCase("Authentication:Jwt:SecretFile")]
    [TestCase("Authentication:Http:BearerTokenFile")]
    [TestCase("Authentication:Http:HeaderFiles:apikey")]
    [TestCase("Admin:TokenFile")]
    [TestCase("Listeners:a:Tls:KeyFile")]
    [TestCase("Listeners:a:Tls:KeyPasswordFile")]
    [TestCase("Tls:ServerNames:a.example:KeyFile")]
    public void A_file_with_a_secret_is_its_owners(string key)
    {
        Assert.That(Warnings($"{key}={Write(OwnersOnly)}"), Is.Empty);
        Assert.That(Warnings($"{key}={Write(OwnersOnly | UnixFileMode.GroupRead)}").Single(), Does.EndWith("run chmod 600"));
        Assert.That(Warnings($"{key}={Write(OwnersOnly | UnixFileMode.OtherRead)}").Single(), Does.StartWith($"--set {key}: others"));
        Assert.That(Warnings($"{key}={Write(OwnersOnly | UnixFileMode.OtherWrite)}"), Has.Count.EqualTo(1));
    }

    [TestCase(Key, 1)]
    [TestCase("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n" + Key, 1)]
    [TestCase("PKCS#12 begins with other bytes", 1)]
    [TestCase("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", 0)]
    public void A_certificate_without_a_key_is_everybodys(string content, int warnings) => Assert.That(
        Warnings($"Tls:CertificateFile={Write(OwnersOnly | UnixFileMode.OtherRead, content)}"), Has.Count.EqualTo(warnings));

    [Test]
    public void A_secret_on_the_command_line_is_seen_by_others()
    {
        Assert.That(Warnings("Admin:Token=0123456789abcdef").Single(), Does.Contain("--set Admin:Token").And.Not.Contain("0123456789abcdef"));
        Assert.That(Load([], new() { ["BROKER__Admin__Token"] = "0123456789abcdef" }).Warnings, Is.Empty);
    }

    private IReadOnlyList<string> Warnings(string setting) => Load([setting], []).Warnings;

    private ConfigurationResult Load(string[] settings, Dictionary<string, string> environment) => ConfigurationLoader.Load(
        new ConfigurationInputs { WorkingDirectory = _directory.Path, Settings = settings, Environment = environment });

    private string Write(UnixFileMode mode, string content = "secret")
    {
        string path = _directory.Write(Guid.NewGuid().ToString("N"), content);
        File.SetUnixFileMode(path, mode);
        return path;
    }
}
