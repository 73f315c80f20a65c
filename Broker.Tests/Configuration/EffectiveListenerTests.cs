using Broker.Configuration;
using NUnit.Framework;

namespace Broker.Tests.Configuration;

public sealed class EffectiveListenerTests
{
    [Test]
    public void Without_configuration_the_default_listeners_open_on_loopback() =>
        Assert.That(Lines(new BrokerOptions()), Is.EqualTo([
            "mqtt: Mqtt on localhost:1883",
            "private-tcp: PrivateTcp on localhost:8090",
            "websocket: WebSocket on localhost:8083",
            "one-port: Multiplexed on localhost:9000",
        ]));

    [Test]
    public void A_certificate_adds_the_TLS_twins() =>
        Assert.That(Lines(new BrokerOptions { Tls = new TlsOptions { CertificateFile = "cert.pem" } }).Skip(3), Is.EqualTo([
            "one-port: Multiplexed on localhost:9000 with TLS",
            "mqtt-tls: Mqtt on localhost:8883 with TLS",
            "private-tcp-tls: PrivateTcp on localhost:8091 with TLS",
            "websocket-tls: WebSocket on localhost:8084 with TLS",
        ]));

    [Test]
    public void ExtPort_is_all_that_opens()
    {
        BrokerOptions options = new() { ExtPort = 9010, Listeners = { ["a"] = new ListenerOptions { Port = 1 } } };

        Assert.That(Lines(options), Is.EqualTo(["one-port: Multiplexed on localhost:9010"]));
        Assert.That(EffectiveListener.AdminPort(options), Is.Null);
    }

    [TestCase(null, "*")]
    [TestCase("10.0.0.1", "10.0.0.1")]
    public void With_authentication_listeners_leave_loopback(string? address, string expected) =>
        Assert.That(Plan(new AuthenticationOptions { PasswordFile = "passwords" }, address).Address, Is.EqualTo(expected));

    [Test]
    public void With_anonymous_access_allowed_listeners_leave_loopback() =>
        Assert.That(Plan(new AuthenticationOptions { AllowAnonymous = true }, null).Address, Is.EqualTo("*"));

    [TestCase(null, "localhost", false)]
    [TestCase("0.0.0.0", "localhost", true)]
    [TestCase("*", "localhost", true)]
    [TestCase("10.0.0.1", "localhost", true)]
    [TestCase("127.0.0.2", "127.0.0.2", false)]
    [TestCase("::1", "::1", false)]
    public void Without_authentication_they_stay_there(string? address, string expected, bool restricted)
    {
        EffectiveListener plan = Plan(new AuthenticationOptions(), address);

        Assert.That((plan.Address, plan.RestrictedToLoopback), Is.EqualTo((expected, restricted)));
    }

    [TestCase("*", "10.0.0.1", true)]
    [TestCase("localhost", "127.0.0.1", true)]
    [TestCase("::1", "localhost", true)]
    [TestCase("10.0.0.1", "0.0.0.0", true)]
    [TestCase("10.0.0.1", "10.0.0.2", false)]
    [TestCase("localhost", "10.0.0.2", false)]
    public void Addresses_overlap(string a, string b, bool expected) => Assert.That(EffectiveListener.Overlap(a, b), Is.EqualTo(expected));

    private static EffectiveListener Plan(AuthenticationOptions authentication, string? address) =>
        EffectiveListener.From(new BrokerOptions
        {
            Authentication = authentication,
            Listeners = { ["a"] = new ListenerOptions { Address = address, Port = 1883 } },
        }).Single();

    private static IEnumerable<string> Lines(BrokerOptions options) => EffectiveListener.From(options).Select(plan => plan.ToString());
}
