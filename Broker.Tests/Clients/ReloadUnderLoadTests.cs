using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using Broker.Protocols.Mqtt;
using Broker.Security;
using Broker.Tests.Configuration;
using Broker.Tests.Security.Jwt;
using Microsoft.IdentityModel.Tokens;
using NUnit.Framework;

namespace Broker.Tests.Clients;

/// <summary>Password file, access rules, token keys and certificate are exchanged while clients publish.</summary>
[Parallelizable]
internal sealed class ReloadUnderLoadTests
{
    private const string Always = "load/up";
    private const string OldTopic = "old/up";
    private const string NewTopic = "new/up";

    private TemporaryDirectory _directory = null!;
    private TestCertificates _oldCertificate = null!;
    private TestCertificates _newCertificate = null!;
    private BrokerProcess _broker = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _directory = new TemporaryDirectory();
        _oldCertificate = new TestCertificates();
        _newCertificate = new TestCertificates();
        Write("old password", OldTopic, Tokens.Rsa, _oldCertificate);
        _broker = await BrokerProcess.StartAsync(
            ["mqtt", "mqtt-tls"],
            [
                "Admin:Port=0",
                $"Authentication:PasswordFile={FileOf("passwords")}",
                $"Authentication:Jwt:JwksFile={FileOf("jwks")}",
                $"Authorization:AclFile={FileOf("acl")}",
                .. BrokerProcess.Listener("mqtt", "Mqtt"),
                .. BrokerProcess.Listener("mqtt-tls", "Mqtt", $"Tls:CertificateFile={FileOf("broker.pem")}", $"Tls:KeyFile={FileOf("broker.key")}"),
            ],
            ("EXT_PORT", ""));
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _broker.DisposeAsync();
        _oldCertificate.Dispose();
        _newCertificate.Dispose();
        _directory.Dispose();
    }

    [Test]
    public async Task Everything_is_exchanged_without_a_lost_connection()
    {
        using RSA newKey = RSA.Create(2048);
        using SocketMqttClient plain = await OpenAsync();
        using SocketMqttClient secure = await OpenTlsAsync(_oldCertificate);
        using SocketMqttClient byToken = await OpenAsync();
        Assert.That(await plain.ConnectAsync("plain", "ann", "old password"), Is.EqualTo(ReasonCode.Success));
        Assert.That(await secure.ConnectAsync("secure", "ann", "old password"), Is.EqualTo(ReasonCode.Success));
        Assert.That(await byToken.ConnectAsync("token", "ann", TokenOf(Tokens.Rsa)), Is.EqualTo(ReasonCode.Success));
        Assert.That(await plain.PublishAsync(OldTopic), Is.EqualTo(ReasonCode.NoMatchingSubscribers));
        Assert.That(await plain.PublishAsync(NewTopic), Is.EqualTo(ReasonCode.NotAuthorized));

        using CancellationTokenSource end = new();
        Task<int>[] load = [.. new[] { plain, secure, byToken }.Select(client => PublishAsync(client, end.Token))];
        Write("new password", NewTopic, newKey, _newCertificate);
        await _broker.ReloadAsync("password file", "ACL file", "JWT keys", "TLS of listener mqtt-tls");

        await AssertNewContentHoldsAsync(newKey);
        await end.CancelAsync();
        Assert.That(await Task.WhenAll(load), Has.All.GreaterThan(0));
        Assert.That(await plain.PublishAsync(OldTopic), Is.EqualTo(ReasonCode.NotAuthorized));
        Assert.That(await plain.PublishAsync(NewTopic), Is.EqualTo(ReasonCode.NoMatchingSubscribers));
    }

    private async Task AssertNewContentHoldsAsync(RSA newKey)
    {
        Assert.That(await LoginAsync("old password"), Is.EqualTo(ReasonCode.BadUserNameOrPassword));
        Assert.That(await LoginAsync("new password"), Is.EqualTo(ReasonCode.Success));
        Assert.That(await LoginAsync(TokenOf(Tokens.Rsa)), Is.EqualTo(ReasonCode.BadUserNameOrPassword));
        Assert.That(await LoginAsync(TokenOf(newKey)), Is.EqualTo(ReasonCode.Success));
        Assert.That(async () => await OpenTlsAsync(_oldCertificate), Throws.InstanceOf<AuthenticationException>());
        using SocketMqttClient another = await OpenTlsAsync(_newCertificate);
        Assert.That(await another.ConnectAsync("another", "ann", "new password"), Is.EqualTo(ReasonCode.Success));
    }

    // Every publish has to be acknowledged as good; returns how many were.
    private static async Task<int> PublishAsync(SocketMqttClient client, CancellationToken cancellationToken)
    {
        int count = 0;
        for (; !cancellationToken.IsCancellationRequested; count++)
        {
            ReasonCode code = await client.PublishAsync(Always);
            if (code != ReasonCode.NoMatchingSubscribers)
            {
                throw new InvalidOperationException($"A publish was answered with {code}.");
            }
        }

        return count;
    }

    private async Task<ReasonCode> LoginAsync(string password)
    {
        using SocketMqttClient client = await OpenAsync();
        return await client.ConnectAsync("another", "ann", password);
    }

    private Task<SocketMqttClient> OpenAsync() => SocketMqttClient.OpenAsync(_broker.Port("mqtt"));

    private Task<SocketMqttClient> OpenTlsAsync(TestCertificates expected) =>
        SocketMqttClient.OpenAsync(_broker.Port("mqtt-tls"), expected.AuthorityFile);

    private string FileOf(string name) => Path.Combine(_directory.Path, name);

    private void Write(string password, string topic, RSA key, TestCertificates certificate)
    {
        _directory.Write("passwords", $"ann:{PasswordHash.Create(Encoding.UTF8.GetBytes(password), 1000)}\n");
        _directory.Write("acl", $"allow user ann publish {Always}\nallow user ann publish {topic}\n");
        RSAParameters parameters = key.ExportParameters(includePrivateParameters: false);
        _directory.Write(
            "jwks",
            $$"""{"keys":[{"kty":"RSA","n":"{{Base64UrlEncoder.Encode(parameters.Modulus!)}}","e":"{{Base64UrlEncoder.Encode(parameters.Exponent!)}}"}]}""");
        File.Copy(certificate.CertificateFile, FileOf("broker.pem"), overwrite: true);
        File.Copy(certificate.KeyFile, FileOf("broker.key"), overwrite: true);
    }

    private static string TokenOf(RSA key) => Tokens.Create(
        new RsaSecurityKey(key), SecurityAlgorithms.RsaSha256, static claims => claims["exp"] = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds());
}
