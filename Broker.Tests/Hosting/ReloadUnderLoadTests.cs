using Broker.Security;
using Broker.Tests.Configuration;
using Broker.Tests.Infrastructure;
using Broker.Tests.Transports;
using NUnit.Framework;

namespace Broker.Tests.Hosting;

/// <summary>Certificate, password file, ACL and JWT keys change while clients are busy: nobody is dropped, and what is new counts.</summary>
internal sealed class ReloadUnderLoadTests
{
    private static readonly byte[] PingReq = [0xC0, 0x00];
    private static readonly byte[] Subscribe = [0x82, 0x0A, 0x00, 0x01, 0x00, 0x05, .. "topic"u8, 0x00];

    private readonly CertificateDirectory _files = new();
    private readonly TemporaryDirectory _directory = new();

    [OneTimeTearDown]
    public void DeleteFiles()
    {
        _files.Dispose();
        _directory.Dispose();
    }

    [Test]
    public async Task Files_change_without_dropping_a_connection()
    {
        WritePassword("first");
        WriteRule("allow all #");
        await using ServedBroker broker = await ServedBroker.StartAsync([
            .. ServedBroker.PlainListener,
            "Listeners:tls:Address=127.0.0.1",
            $"Listeners:tls:Tls:CertificateFile={_files.Combined}",
            $"Authentication:PasswordFile={Path.Combine(_directory.Path, "users")}",
            $"Authentication:Jwt:SecretFile={_directory.Write("jwt", new string('s', 32))}",
            $"Authorization:AclFile={Path.Combine(_directory.Path, "acl")}",
            "Authentication:Throttle:FailuresBeforeDelay=0",
        ]);
        using RawClient plain = await ConnectAsync(broker, "mqtt", "plain");
        using RawClient secure = await ConnectAsync(broker, "tls", "secure");
        await plain.SendAsync(Subscribe);
        Assert.That(await plain.ReceiveAsync(5), Is.EqualTo(new byte[] { 0x90, 0x03, 0x00, 0x01, 0x00 }));
        using var stop = new CancellationTokenSource();
        Task<int>[] load = [Task.Run(() => PingAsync(plain, stop.Token)), Task.Run(() => PingAsync(secure, stop.Token))];

        for (int i = 0; i < 10; i++)
        {
            WritePassword($"password-{i}");
            WriteRule(i == 0 ? "allow subscribe topic" : $"allow publish topic-{i}");
            _directory.Write("jwt", new string((char)('a' + i), 32));
            broker.Reload();
            Assert.That(await broker.LoginAsync("ann", $"password-{i}"), Is.EqualTo("00 ann"));
            Assert.That(await broker.LoginAsync("ann", "first"), Is.EqualTo("05"));
            Assert.That(broker.Broker.Sessions.Find("plain")!.SubscriptionCount, Is.EqualTo(i == 0 ? 1 : 0), "a subscription ends with the rule that allowed it");
        }

        await stop.CancelAsync();
        Assert.That(await Task.WhenAll(load).WaitAsync(RawClient.Patience), Is.All.GreaterThan(0));
        Assert.That(broker.Log.ToString(), Does.Contain("ACL file").And.Contain("TLS of listener tls").And.Contain("JWT keys"));
    }

    private void WritePassword(string password) =>
        _directory.Write("users", $"ann:{PasswordHash.Create(System.Text.Encoding.UTF8.GetBytes(password), 10)}");

    private void WriteRule(string rule) => _directory.Write("acl", rule + "\n");

    private static async Task<RawClient> ConnectAsync(ServedBroker broker, string listener, string clientId)
    {
        RawClient client = await broker.OpenAsync(listener);
        if (listener == "tls")
        {
            await client.HandshakeAsync();
        }

        await client.SendAsync(ServedBroker.ConnectPacket(clientId, "ann", "first"));
        Assert.That((await client.ReceiveAsync(4))[3], Is.Zero);
        return client;
    }

    // Answers that came; fails when the connection ends.
    private static async Task<int> PingAsync(RawClient client, CancellationToken stop)
    {
        int answers = 0;
        while (!stop.IsCancellationRequested || answers == 0)
        {
            await client.SendAsync(PingReq);
            Assert.That((await client.ReceiveAsync(2))[0], Is.EqualTo(0xD0));
            answers++;
        }

        return answers;
    }
}
