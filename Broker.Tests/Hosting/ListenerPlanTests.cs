using System.Net;
using Broker.Configuration;
using Broker.Hosting;
using NUnit.Framework;

namespace Broker.Tests.Hosting;

internal sealed class ListenerPlanTests
{
    private static readonly BindableAddresses DualStack = new([IPAddress.Loopback, IPAddress.IPv6Loopback], IPAddress.IPv6Any);

    [Test]
    public void Nothing_configured_opens_the_default_listeners() => Assert.That(Describe(Plan(new BrokerOptions())), Is.EqualTo(new[]
    {
        "mqtt Mqtt 1883", "private-tcp PrivateTcp 8090", "websocket WebSocket 8083", "one-port Multiplexed 9000", "admin 18083",
    }));

    [Test]
    public void A_certificate_adds_the_TLS_twins_and_TLS_on_the_one_port()
    {
        ListenerPlan plan = Plan(new BrokerOptions { Tls = new TlsOptions { CertificateFile = "broker.pem" } });
        Assert.That(Describe(plan), Is.EqualTo(new[]
        {
            "mqtt Mqtt 1883", "private-tcp PrivateTcp 8090", "websocket WebSocket 8083", "one-port Multiplexed 9000 TLS",
            "mqtt-tls Mqtt 8883 TLS", "private-tcp-tls PrivateTcp 8091 TLS", "websocket-tls WebSocket 8084 TLS", "admin 18083",
        }));
    }

    [Test]
    public void Configured_listeners_replace_the_default_ones()
    {
        var options = new BrokerOptions();
        options.Listeners["field"] = new ListenerOptions { Protocol = ListenerProtocol.PrivateTcp, Port = 7000 };
        Assert.That(Describe(Plan(options)), Is.EqualTo(new[] { "field PrivateTcp 7000", "admin 18083" }));
    }

    [Test]
    public void ExtPort_is_all_that_is_opened_and_the_others_are_named()
    {
        var options = new BrokerOptions { ExtPort = 9010 };
        options.Listeners["field"] = new ListenerOptions { Port = 7000 };
        ListenerPlan plan = Plan(options);
        Assert.That(Describe(plan), Is.EqualTo(new[] { "one-port Multiplexed 9010" }));
        Assert.That(plan.NotOpened, Is.EqualTo(new[] { "field" }));
    }

    [TestCase(9010, 18000, "admin 18000")]
    [TestCase(null, 18000, "admin 18000")]
    [TestCase(9010, null, null)]
    [TestCase(null, 0, null)]
    public void Operators_HTTP_follows_its_own_port(int? extPort, int? adminPort, string? expected)
    {
        ListenerPlan plan = Plan(new BrokerOptions { ExtPort = extPort, Admin = new AdminOptions { Port = adminPort } });
        Assert.That(Describe(plan).FirstOrDefault(line => line.StartsWith("admin", StringComparison.Ordinal)), Is.EqualTo(expected));
    }

    [TestCase(null, "127.0.0.1 ::1")]
    [TestCase("*", "127.0.0.1 ::1")]
    [TestCase("192.0.2.1", "127.0.0.1 ::1")]
    [TestCase("127.0.0.2", "127.0.0.2")]
    [TestCase("::1", "::1")]
    public void Without_authentication_every_listener_is_loopback_only(string? address, string expected)
    {
        var options = new BrokerOptions { Admin = new AdminOptions { Address = "192.0.2.1" } };
        options.Listeners["field"] = new ListenerOptions { Address = address, Port = 7000 };
        ListenerPlan plan = Plan(options);
        Assert.That(Addresses(plan.Listeners[0]), Is.EqualTo(expected));
        Assert.That(Addresses(plan.Listeners[1]), Is.EqualTo("127.0.0.1 ::1"));
        Assert.That(plan.IsLoopbackOnly, Is.True);
    }

    [TestCase("users", null, null, "::")]
    [TestCase("users", false, "*", "::")]
    [TestCase("users", null, "192.0.2.1", "192.0.2.1")]
    [TestCase(null, true, null, "::")]
    [TestCase(null, true, "0.0.0.0", "0.0.0.0")]
    public void With_authentication_or_explicit_consent_addresses_are_as_configured(
        string? passwordFile, bool? anonymous, string? address, string expected)
    {
        var options = new BrokerOptions
        {
            Authentication = new AuthenticationOptions { PasswordFile = passwordFile, AllowAnonymous = anonymous },
        };
        options.Listeners["field"] = new ListenerOptions { Address = address, Port = 7000 };
        ListenerPlan plan = Plan(options);
        Assert.That(Addresses(plan.Listeners[0]), Is.EqualTo(expected));
        Assert.That(plan.IsLoopbackOnly, Is.False);
    }

    [Test]
    public void Anonymous_explicitly_refused_without_authentication_stays_on_loopback() => Assert.That(
        Plan(new BrokerOptions { Authentication = new AuthenticationOptions { AllowAnonymous = false } }).IsLoopbackOnly, Is.True);

    [Test]
    public void Detection_waits_as_long_as_the_more_patient_protocol()
    {
        var options = new BrokerOptions { ExtPort = 9000 };
        options.Mqtt.ConnectTimeoutSeconds = 5;
        options.PrivateTcp.IdleTimeoutSeconds = 20;
        Assert.That(Plan(options).Listeners[0].DetectionTimeout, Is.EqualTo(TimeSpan.FromSeconds(20)));
    }

    private static ListenerPlan Plan(BrokerOptions options) => ListenerPlan.Create(options, DualStack);

    private static string Addresses(PlannedListener listener) => string.Join(' ', listener.Addresses);

    private static string[] Describe(ListenerPlan plan) => [.. plan.Listeners.Select(listener => string.Join(' ', new[]
    {
        listener.Name,
        listener.IsAdmin ? "" : listener.Options.Protocol.ToString(),
        $"{listener.Options.Port}",
        listener.Options.Tls.IsEnabled ? "TLS" : "",
    }.Where(word => word.Length > 0)))];
}
