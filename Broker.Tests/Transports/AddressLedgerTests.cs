using System.Net;
using Broker.Configuration;
using Broker.Tests.Infrastructure;
using Broker.Transports;
using NUnit.Framework;

namespace Broker.Tests.Transports;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class AddressLedgerTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly ListenerOptions _options = new();

    [Test]
    public void An_address_has_its_connections_and_gives_them_back()
    {
        _options.MaxConnectionsPerAddress = 2;
        AddressLedger ledger = new(_options, _time);
        AdmissionTicket first = Enter(ledger, "10.0.0.1");
        Enter(ledger, "10.0.0.1");

        Assert.That(ledger.Enter(IPAddress.Parse("10.0.0.1"), out _), Does.Contain("MaxConnectionsPerAddress"));
        Enter(ledger, "10.0.0.2");
        first.Leave();
        Enter(ledger, "10.0.0.1");
    }

    [Test]
    public void The_addresses_of_an_IPv6_network_are_one()
    {
        _options.MaxConnectionsPerAddress = 1;
        AddressLedger ledger = new(_options, _time);
        Enter(ledger, "2001:db8::1");

        Assert.That(ledger.Enter(IPAddress.Parse("2001:db8::2"), out _), Is.Not.Null);
        Enter(ledger, "2001:db8:0:1::1");
    }

    [Test]
    public void Half_open_connections_are_limited_until_they_are_established()
    {
        _options.MaxHalfOpenConnections = 2;
        _options.MaxHalfOpenConnectionsPerAddress = 1;
        AddressLedger ledger = new(_options, _time);
        AdmissionTicket first = Enter(ledger, "10.0.0.1");

        Assert.That(ledger.Enter(IPAddress.Parse("10.0.0.1"), out _), Does.Contain("MaxHalfOpenConnectionsPerAddress"));
        AdmissionTicket second = Enter(ledger, "10.0.0.2");
        Assert.That(ledger.Enter(IPAddress.Parse("10.0.0.3"), out _), Does.Contain("limit MaxHalfOpenConnections)"));
        first.OnEstablished();
        first.OnEstablished();
        Enter(ledger, "10.0.0.1");
        second.Leave();
        Enter(ledger, "10.0.0.3");
    }

    [Test]
    public void An_address_connects_no_faster_than_its_rate()
    {
        _options.MaxConnectionsPerSecondPerAddress = 2;
        AddressLedger ledger = new(_options, _time);
        Enter(ledger, "10.0.0.1").Leave();
        Enter(ledger, "10.0.0.1").Leave();

        Assert.That(ledger.Enter(IPAddress.Parse("10.0.0.1"), out _), Does.Contain("MaxConnectionsPerSecondPerAddress"));
        Enter(ledger, "10.0.0.2");
        _time.Advance(TimeSpan.FromSeconds(0.5));
        Enter(ledger, "10.0.0.1");
    }

    [Test]
    public void Addresses_are_forgotten()
    {
        _options.MaxConnectionsPerAddress = 1;
        AddressLedger counts = new(_options, _time);
        Enter(counts, "10.0.0.1").Leave();
        Assert.That(counts.Addresses, Is.Zero);

        _options.MaxConnectionsPerSecondPerAddress = 2;
        AddressLedger rates = new(_options, _time);
        for (int i = 0; i < 10_000; i++)
        {
            Enter(rates, $"10.1.{i >> 8}.{i & 0xFF}").Leave();
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        Enter(rates, "10.0.0.1");
        Assert.That(rates.Addresses, Is.EqualTo(1));
    }

    [Test]
    public void Without_limits_nothing_is_counted() => Assert.That(AddressLedger.IsNeeded(_options), Is.False);

    private static AdmissionTicket Enter(AddressLedger ledger, string address)
    {
        Assert.That(ledger.Enter(IPAddress.Parse(address), out AdmissionTicket? ticket), Is.Null);
        return ticket!;
    }
}
