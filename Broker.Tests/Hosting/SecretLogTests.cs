using Broker.Configuration;
using Broker.Configuration.Validation;
using Broker.Security;
using Broker.Tests.Configuration;
using Broker.Tests.Infrastructure;
using Broker.Tests.Security.Jwt;
using Broker.Tests.Transports;
using NUnit.Framework;

namespace Broker.Tests.Hosting;

/// <summary>No secret is in the log, whatever goes wrong with it.</summary>
internal sealed class SecretLogTests
{
    private const string Password = "pass-word-1f6e";
    private const string WrongPassword = "wrong-word-88ab";
    private const string HttpToken = "http-token-57cd";
    private const string ApiKey = "api-key-0b3f";
    private const string AdminToken = "admin-token-93ee-long-enough";
    private const string KeyPassword = CertificateDirectory.Password;

    private readonly CertificateDirectory _files = new();
    private readonly TemporaryDirectory _directory = new();

    [OneTimeTearDown]
    public void DeleteFiles()
    {
        _files.Dispose();
        _directory.Dispose();
    }

    [Test]
    public async Task Logins_of_all_kinds_and_failing_reloads_leave_no_secret_in_the_log()
    {
        string secretFile = _directory.Write("jwt", Tokens.Secret);
        string token = Tokens.Create(Tokens.SecretKey, "HS256"); // which has expired
        await using ServedBroker broker = await ServedBroker.StartAsync([
            .. ServedBroker.PlainListener,
            "Listeners:mqtt:Authentication=Jwt,PasswordFile",
            "Listeners:asking:Address=127.0.0.1",
            "Listeners:asking:Authentication=Http",
            "Listeners:tls:Address=127.0.0.1",
            $"Listeners:tls:Tls:CertificateFile={_files.Chain}",
            $"Listeners:tls:Tls:KeyFile={_files.EncryptedKey}",
            $"Listeners:tls:Tls:KeyPassword={KeyPassword}",
            $"Authentication:PasswordFile={_directory.Write("users", $"ann:{PasswordHash.Create(System.Text.Encoding.UTF8.GetBytes(Password), 10)}")}",
            $"Authentication:Jwt:SecretFile={secretFile}",
            "Authentication:Http:Url=http://127.0.0.1:1/",
            $"Authentication:Http:BearerToken={HttpToken}",
            $"Authentication:Http:Headers:apikey={ApiKey}",
            "Authentication:Http:FailuresBeforePause=1",
            "Authentication:Throttle:FailuresBeforeDelay=0",
            $"Admin:Token={AdminToken}",
        ]);

        Assert.That(await broker.LoginAsync("ann", Password), Is.EqualTo("00 ann"));
        Assert.That(await broker.LoginAsync("ann", WrongPassword), Is.EqualTo("05"));
        Assert.That(await broker.LoginAsync("ann", token), Is.EqualTo("05"));
        Assert.That(await broker.LoginAsync("ann", token + "x"), Is.EqualTo("05"));
        Assert.That(await broker.LoginAsync("bob", Password, "asking"), Is.EqualTo("03"));
        File.WriteAllText(_files.EncryptedKey, "broken");
        File.WriteAllText(secretFile, "short-77aa");
        broker.Reload();

        string log = broker.Log.ToString();
        Assert.That(log, Does.Contain("fails and is not asked").And.Contain("cannot be used").And.Contain("token refused"), "the log tells what went wrong");
        foreach (string secret in new[] { Password, WrongPassword, HttpToken, ApiKey, AdminToken, KeyPassword, Tokens.Secret, "short-77aa", token.Split('.')[2] })
        {
            Assert.That(log, Does.Not.Contain(secret));
        }
    }

    [TestCase("Admin:TokenFile", 0)]
    [TestCase("Admin:Token", 1)]
    public async Task What_the_configuration_is_warned_about_is_in_the_log(string key, int warnings)
    {
        string value = key == "Admin:Token" ? AdminToken : _directory.Write("operators", AdminToken);
        if (key == "Admin:TokenFile" && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(value, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        await using ServedBroker broker = await ServedBroker.StartAsync(
            [.. ServedBroker.PlainListener, "Authentication:AllowAnonymous=true", $"{key}={value}"]);

        Assert.That(broker.Log.Lines.Count(line => line.StartsWith($"Warning --set {key}: ", StringComparison.Ordinal)), Is.EqualTo(warnings));
        Assert.That(broker.Log.Lines.Count(static line => line.StartsWith("Warning ", StringComparison.Ordinal)), Is.EqualTo(warnings));
    }

    [Test]
    public void Each_secret_option_is_masked_and_may_be_in_a_file()
    {
        OptionNode[] secrets = [.. OptionsSchema.Root.Flatten().Where(static node => node.Attribute<SecretAttribute>() is not null && node.Kind != OptionKind.Map)];

        Assert.That(secrets.Select(static node => node.Path), Does.Contain("Broker:Admin:Token").And.Contain("Broker:Authentication:Jwt:Secret"));
        foreach (OptionNode node in secrets)
        {
            string file = node.Path.Contains("Headers:", StringComparison.Ordinal)
                ? node.Path.Replace("Headers:", "HeaderFiles:", StringComparison.Ordinal)
                : $"{node.Path}File";
            Assert.That(EntryValidator.Display(node, "hidden"), Is.EqualTo("***"));
            Assert.That(OptionsSchema.Find(file)?.Attribute<SecretFileAttribute>(), Is.Not.Null, file);
        }
    }
}
