using Broker.Core.Ports;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Security;

/// <summary>A login that fails touches nothing of whose ClientId it names.</summary>
internal sealed class FailedLoginTests
{
    private TestBroker _broker = null!;

    [SetUp]
    public void Open()
    {
        _broker = new TestBroker(static options => options.Authentication.PasswordFile = "users");
        _broker.Authenticator.Answer = static request => ValueTask.FromResult(
            request.Password is { Length: 5 } ? AuthenticationResult.Accepted : AuthenticationResult.BadCredentials);
    }

    [TearDown]
    public void Close() => _broker.Dispose();

    [TestCase("right", "DISCONNECT 8e")]
    [TestCase("wrong one", "PUBLISH a 1")]
    [TestCase(null, "PUBLISH a 1")]
    public void A_connection_ends_for_a_login_that_succeeds_only(string? password, string expected)
    {
        MqttClient victim = Connect(clean: true).Subscribed("a");

        Login(password, clean: true);
        _broker.Publish("a", "1");

        Assert.That(victim.Packets(), Is.EqualTo(new[] { expected }));
    }

    [TestCase("right", 0)]
    [TestCase("wrong one", 1)]
    public void A_kept_session_ends_for_a_login_that_succeeds_only(string password, int kept)
    {
        Connect(clean: false).Subscribed("a", Qos.AtLeastOnce).Connection.Vanish();

        Login(password, clean: true);
        _broker.Publish("a", "1", Qos.AtLeastOnce);

        Assert.That(Login("right", clean: false).Packets().Count(static packet => packet == "PUBLISH a 1 q1 #1"), Is.EqualTo(kept));
    }

    [TestCase("right", 1)]
    [TestCase("wrong one", 0)]
    public void A_Will_is_published_for_a_login_that_succeeds_only(string password, int wills)
    {
        MqttClient witness = MqttClient.Connect(_broker, "witness", change: static packet => packet.Password = "right"u8.ToArray()).Subscribed("will");
        Login("right", clean: true, static packet => packet.Will = new WillPacket { Topic = "will"u8.ToArray() });

        Login(password, clean: true);

        Assert.That(witness.Packets(), Has.Length.EqualTo(wills));
    }

    [TestCase("right")]
    [TestCase("wrong one")]
    public void A_device_stays_connected(string password)
    {
        DeviceClient device = DeviceClient.Open(_broker, "dev", "ann", password: "right");
        Assert.That(device.Frames(), Is.EqualTo(new[] { "20 Connect Successfully" }));

        Login(password, clean: true);

        Assert.That(device.IsClosed, Is.EqualTo(password == "right"));
    }

    private MqttClient Connect(bool clean)
    {
        MqttClient client = Login("right", clean);
        client.Packets();
        return client;
    }

    private MqttClient Login(string? password, bool clean, Action<ConnectPacket>? change = null) => MqttClient.Open(_broker, "dev", clean: clean, change: packet =>
    {
        packet.Username = "ann";
        packet.Password = password is null ? null : System.Text.Encoding.UTF8.GetBytes(password);
        packet.SessionExpiryInterval = clean ? 0u : 60u;
        change?.Invoke(packet);
    });
}
