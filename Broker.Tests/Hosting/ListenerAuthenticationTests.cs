using Broker.Protocols.Mqtt;
using Broker.Security;
using Broker.Tests.Configuration;
using Broker.Tests.Infrastructure;
using Broker.Tests.Security.Jwt;
using Broker.Tests.Transports;
using NUnit.Framework;

namespace Broker.Tests.Hosting;

/// <summary>Each listener has its own ways to log in, or all that are configured.</summary>
internal sealed class ListenerAuthenticationTests
{
    private static readonly string Token = Tokens.Create(Tokens.SecretKey, "HS256", static claims =>
    {
        claims["sub"] = "of-token";
        claims["nbf"] = DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeSeconds();
        claims["exp"] = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds();
    });

    private readonly TemporaryDirectory _directory = new();
    private ServedBroker _broker = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        string[] listeners = ["usual", "tokens", "passwords", "scram", "open"];
        _broker = await ServedBroker.StartAsync([
            .. listeners.SelectMany(static name => new[] { $"Listeners:{name}:Address=127.0.0.1", $"Listeners:{name}:Port=0" }),
            "Listeners:tokens:Authentication=Jwt",
            "Listeners:passwords:Authentication=PasswordFile",
            "Listeners:scram:Authentication=Scram",
            "Listeners:open:Authentication=Anonymous",
            "Authentication:Throttle:FailuresBeforeDelay=0",
            $"Authentication:PasswordFile={_directory.Write("users", $"ann:{PasswordHash.Create("secret"u8, 10)}")}",
            $"Authentication:Jwt:SecretFile={_directory.Write("jwt", Tokens.Secret)}",
        ]);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _broker.DisposeAsync();
        _directory.Dispose();
    }

    [TestCase("usual", "00 ann", "00 of-token", "05")]
    [TestCase("tokens", "05", "00 of-token", "05")]
    [TestCase("passwords", "00 ann", "05", "05")]
    [TestCase("scram", "05", "05", "05")]
    [TestCase("open", "05", "05", "00 nobody")]
    public async Task Of_each_listener(string listener, string byPassword, string byToken, string anonymous)
    {
        Assert.That(await _broker.LoginAsync("ann", "secret", listener), Is.EqualTo(byPassword));
        Assert.That(await _broker.LoginAsync("given", Token, listener), Is.EqualTo(byToken));
        Assert.That(await _broker.LoginAsync(null, null, listener, "anonymous"), Is.EqualTo(anonymous));
    }

    [TestCase("usual", PacketType.Auth)]
    [TestCase("scram", PacketType.Auth)]
    [TestCase("tokens", PacketType.ConnAck)]
    [TestCase("passwords", PacketType.ConnAck)]
    [TestCase("open", PacketType.ConnAck)]
    public async Task Several_steps(string listener, PacketType answer)
    {
        using RawClient client = await _broker.OpenAsync(listener);
        await client.SendAsync(ServedBroker.ConnectPacket("steps", change: static packet =>
        {
            packet.Version = MqttVersion.V5;
            packet.AuthenticationMethod = "SCRAM-SHA-256";
            packet.AuthenticationData = "n,,n=ann,r=nonce"u8.ToArray();
        }));

        Assert.That((await client.ReceiveAsync(1))[0] >> 4, Is.EqualTo((int)answer));
    }
}
