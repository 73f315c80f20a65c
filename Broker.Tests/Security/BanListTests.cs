using System.Net;
using Broker.Configuration;
using Broker.Core.Ports;
using Broker.Security;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Security;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class BanListTests
{
    private readonly ManualTimeProvider _time = new();

    [Test]
    public void A_ban_ends_by_itself()
    {
        BanList bans = new(new BanOptions(), _time);
        foreach (Ban ban in (Ban[])[new(BanKind.ClientId, "bad"), new(BanKind.User, "eve"), new(BanKind.Network, "10.6.0.0/16")])
        {
            Assert.That(bans.TryAdd(ban with { Until = _time.GetUtcNow().AddSeconds(60) }));
        }

        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.That((Knows(bans, "bad"), Knows(bans, user: "eve"), Knows(bans, address: "10.6.1.1"), bans.All.Count), Is.EqualTo((true, true, true, 3)));

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That((Knows(bans, "bad"), Knows(bans, user: "eve"), Knows(bans, address: "10.6.1.1"), bans.All.Count), Is.EqualTo((false, false, false, 0)));
    }

    [Test]
    public void Only_what_operators_set_outlives_the_process_and_no_longer_than_it_is_in_force()
    {
        MemoryRecordFile<Ban> file = new();
        BanList first = new(new BanOptions { Users = ["configured"] }, _time, file);
        first.TryKeep(new Ban(BanKind.User, "eve"), out _);
        first.TryKeep(new Ban(BanKind.ClientId, "removed"), out _);
        first.TryKeep(new Ban(BanKind.Network, "10.6.0.0/16", _time.GetUtcNow().AddSeconds(60)), out _);
        first.TryAdd(new Ban(BanKind.ClientId, "flapping"));
        first.Remove(BanKind.ClientId, "removed", out _);

        BanList second = new(new BanOptions(), _time, file);
        second.Restore();
        Assert.That(second.All.Select(static ban => ban.Value), Is.EquivalentTo(new[] { "eve", "10.6.0.0/16" }));
        Assert.That((Knows(second, user: "eve"), Knows(second, address: "10.6.1.1"), Knows(second, "flapping")), Is.EqualTo((true, true, false)));

        _time.Advance(TimeSpan.FromSeconds(60));
        second.TryKeep(new Ban(BanKind.User, "mallory"), out _);
        Assert.That(file.Records.Select(static ban => ban.Value), Is.EquivalentTo(new[] { "eve", "mallory" }));
        Assert.That(second.TryKeep(new Ban(BanKind.Network, "everybody"), out _), Is.False);
    }

    [Test]
    public void Configured_bans_may_have_an_end()
    {
        BanEntryOptions entry = new() { ClientId = "bad", Network = "10.6.0.7", Until = "2026-01-01T00:01:00Z", Reason = "spam" };
        BanList bans = new(new BanOptions { Entries = [entry], Users = ["eve"] }, _time);

        Assert.That((Knows(bans, "bad"), Knows(bans, address: "10.6.0.7"), Knows(bans, address: "10.6.0.8")), Is.EqualTo((true, true, false)));
        Assert.That(bans.All[0], Is.EqualTo(new Ban(BanKind.ClientId, "bad", _time.GetUtcNow().AddMinutes(1), "spam")));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That((Knows(bans, "bad"), Knows(bans, user: "eve")), Is.EqualTo((false, true)), "the one without an end stays");
    }

    [Test]
    public void A_ban_can_be_lifted()
    {
        BanList bans = new(new BanOptions { Networks = ["10.6.0.0/16"] }, _time);

        Assert.That((bans.Remove(BanKind.Network, "10.6.0.0/16", out _), bans.Remove(BanKind.Network, "10.6.0.0/16", out _)), Is.EqualTo((true, false)));
        Assert.That(Knows(bans, address: "10.6.0.7"), Is.False);
    }

    [Test]
    public void What_is_no_network_is_not_taken_for_one()
    {
        BanList bans = new(new BanOptions(), _time);

        Assert.That((bans.TryAdd(new Ban(BanKind.Network, "everybody")), bans.TryAdd(new Ban(BanKind.Network, "2001:db8::/32"))), Is.EqualTo((false, true)));
        Assert.That(Knows(bans, address: "2001:db8::9"));
    }

    private static bool Knows(BanList bans, string clientId = "c", string? user = null, string address = "192.0.2.1") =>
        bans.Contains(clientId, user, new IPEndPoint(IPAddress.Parse(address), 1));
}
