using System.Text;
using Broker.Configuration;
using Broker.Core.Ports;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Security;

/// <summary>A session belongs to the user who made it, whoever knows its ClientId.</summary>
internal sealed class SessionOwnershipTests
{
    private TestBroker _broker = null!;

    [SetUp]
    public void Open()
    {
        _broker = new TestBroker(static options => options.Authentication.PasswordFile = "users");
        _broker.Options.PrivateTcp.KeepOfflineDownlinks = true;
    }

    [TearDown]
    public void Close() => _broker.Dispose();

    [TestCase(MqttVersion.V31, "mallory", "CONNACK 05")]
    [TestCase(MqttVersion.V311, "mallory", "CONNACK 05")]
    [TestCase(MqttVersion.V5, "mallory", "CONNACK 87")]
    [TestCase(MqttVersion.V5, null, "CONNACK 87")]
    public void Another_user_does_not_get_a_stored_session(MqttVersion version, string? user, string answer)
    {
        Leave("ann", version);

        MqttClient other = Open(user, version);
        string[] packets = other.Packets();

        Assert.That((packets, other.IsClosed), Is.EqualTo((new[] { answer }, true)));
        Assert.That(_broker.Log.ToString(), Does.Contain($"Information dev (user {user ?? "(null)"}) at 192.0.2.7:5000 may not have this ClientId"));
    }

    [TestCase(MqttVersion.V31)]
    [TestCase(MqttVersion.V311)]
    [TestCase(MqttVersion.V5)]
    public void The_same_user_gets_it(MqttVersion version)
    {
        Leave("ann", version);
        Open("mallory", version);

        Assert.That(Open("ann", version).Packets(), Is.EqualTo(Resumed(version)));
    }

    [Test]
    public void Another_user_does_not_end_a_stored_session_with_a_clean_start()
    {
        Leave("ann");

        MqttClient other = Open("mallory", clean: true);

        Assert.That(other.Packets(), Is.EqualTo(new[] { "CONNACK 87" }));
        Assert.That(Open("ann").Packets(), Is.EqualTo(Resumed()));
    }

    [Test]
    public void Another_user_does_not_end_a_connection()
    {
        MqttClient ann = Open("ann");
        ann.Packets();

        MqttClient other = Open("mallory");
        ann.Ping();

        Assert.That((other.Packets(), ann.Packets()), Is.EqualTo((new[] { "CONNACK 87" }, new[] { "PINGRESP" })));
    }

    [Test]
    public void The_same_user_takes_over()
    {
        MqttClient first = Open("ann");
        first.Packets();

        MqttClient second = Open("ann");

        Assert.That((first.Packets(), second.Packets()), Is.EqualTo((new[] { "DISCONNECT 8e" }, new[] { "CONNACK 00 present" })));
    }

    [Test]
    public void A_ClientId_is_free_when_its_session_has_ended()
    {
        MqttClient ann = MqttClient.Connect(_broker, "dev", change: packet => Name(packet, "ann"));
        ann.Disconnect();

        Assert.That(Open("mallory").Packets(), Is.EqualTo(new[] { "CONNACK 00" }));
    }

    [Test]
    public void A_session_of_an_anonymous_client_is_nobody_elses()
    {
        Leave(null);

        Assert.That(Open("mallory").Packets(), Is.EqualTo(new[] { "CONNACK 87" }));
        Assert.That(Open(null).Packets(), Is.EqualTo(Resumed()));
    }

    [Test]
    public void The_Username_that_counts_is_the_authenticated_one()
    {
        _broker.Authenticator.Answer = static request =>
            ValueTask.FromResult(new AuthenticationResult(AuthenticationOutcome.Accepted, Username: Encoding.UTF8.GetString(request.Password!.Value.Span)));
        Leave("x", password: "ann");

        Assert.That(Open("x", password: "mallory").Packets(), Is.EqualTo(new[] { "CONNACK 87" }));
        Assert.That(Open("y", password: "ann").Packets(), Is.EqualTo(Resumed()));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Where_it_is_configured_another_user_takes_the_ClientId_and_nothing_else(bool clean)
    {
        _broker.Options.Sessions.ClientIdOfAnotherUser = ClientIdOwnership.EndSession;
        Leave("ann");

        MqttClient other = Open("mallory", clean: clean);
        _broker.Publish("secret/1", "later", Qos.AtLeastOnce);

        Assert.That(other.Packets(), Is.EqualTo(new[] { "CONNACK 00" }));
        Assert.That(_broker.Log.ToString(), Does.Contain("Information dev (user mallory) at 192.0.2.7:5000 takes this ClientId from user ann"));
    }

    [Test]
    public void Where_it_is_configured_another_user_ends_a_connection()
    {
        _broker.Options.Sessions.ClientIdOfAnotherUser = ClientIdOwnership.EndSession;
        MqttClient ann = Open("ann");
        ann.Packets();

        Assert.That((Open("mallory").Packets(), ann.Packets()), Is.EqualTo((new[] { "CONNACK 00" }, new[] { "DISCONNECT 8e" })));
    }

    [Test]
    public void Without_authentication_a_Username_says_nothing()
    {
        _broker.Options.Authentication.PasswordFile = null;
        Leave("ann");

        Assert.That(Open("bob").Packets(), Is.EqualTo(Resumed()));
    }

    [Test]
    public void A_device_does_not_get_another_users_session()
    {
        Leave("ann");

        DeviceClient device = DeviceClient.Open(_broker, "dev", "mallory");

        Assert.That((device.Frames(), device.IsClosed), Is.EqualTo((new[] { "21 the ClientId belongs to another user" }, true)));
        Assert.That(Open("ann").Packets(), Is.EqualTo(Resumed()));
    }

    [Test]
    public void A_device_gets_its_own_users_ClientId()
    {
        DeviceClient.Connect(_broker, "dev", "ann").Connection.Vanish();

        Assert.That(DeviceClient.Open(_broker, "dev", "ann").Frames(), Is.EqualTo(new[] { "20 Connect Successfully" }));
    }

    [TestCase(false, new[] { "open/#" })]
    [TestCase(true, new[] { "open/#", "secret/#" })]
    public void A_resumed_session_keeps_the_subscriptions_that_are_still_allowed(bool stillAllowed, string[] expected)
    {
        Open("ann").Subscribed("secret/#", Qos.AtLeastOnce).Subscribed("$share/g/secret/2", Qos.AtLeastOnce).Subscribed("open/#").Connection.Vanish();
        _broker.Authorizer.Rule = (client, action, topic) =>
            stillAllowed || action != TopicAction.Subscribe || client.Username != "ann" || topic.StartsWith("open/", StringComparison.Ordinal);

        MqttClient ann = Open("ann");
        ann.Packets();
        _broker.Publish("open/1", "o");
        _broker.Publish("secret/1", "s");

        string[] received = [.. ann.Packets()];
        Assert.That(received.Select(static packet => $"{packet.Split(' ')[1].Split('/')[0]}/#"), Is.EqualTo(expected));
        Assert.That(_broker.Log.ToString(), stillAllowed
            ? Does.Not.Contain("loses its subscription")
            : Does.Contain("Information dev (user ann) loses its subscription $share/g/secret/2"));
    }

    private static string[] Resumed(MqttVersion version = MqttVersion.V5) => ["CONNACK 00" + (version == MqttVersion.V31 ? "" : " present"), "PUBLISH secret/1 kept q1 #1"];

    // A session with a subscription and a message in its queue.
    private void Leave(string? user, MqttVersion version = MqttVersion.V5, string? password = null)
    {
        Open(user, version, password: password).Subscribed("secret/#", Qos.AtLeastOnce).Connection.Vanish();
        _broker.Publish("secret/1", "kept", Qos.AtLeastOnce);
    }

    private MqttClient Open(string? user, MqttVersion version = MqttVersion.V5, bool clean = false, string? password = null) =>
        MqttClient.Open(_broker, "dev", version, clean, packet =>
        {
            Name(packet, user);
            packet.Password = password is null ? null : Encoding.UTF8.GetBytes(password);
            packet.SessionExpiryInterval = version == MqttVersion.V5 ? 600u : 0;
        });

    private static void Name(ConnectPacket packet, string? user) => packet.Username = user;
}
