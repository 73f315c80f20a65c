using System.Net;
using Broker.Transports;
using NUnit.Framework;

namespace Broker.Tests.Transports;

internal sealed class AccessRulesTests
{
    [TestCase("192.0.2.7", true, Description = "first match")]
    [TestCase("192.0.2.8", false, Description = "second rule")]
    [TestCase("10.9.9.9", true, Description = "bits below the prefix are ignored")]
    [TestCase("2001:db8::5", false)]
    [TestCase("203.0.113.1", true, Description = "no match allows")]
    public void First_match_decides(string address, bool expected)
    {
        AccessRules rules = AccessRules.Parse(["allow 192.0.2.7", "deny 192.0.2.0/24", "allow 10.1.2.3/8", "deny 2001:db8::/32"]);
        Assert.That(rules.Allows(IPAddress.Parse(address)), Is.EqualTo(expected));
    }

    [Test]
    public void Deny_all_ends_the_list()
    {
        AccessRules rules = AccessRules.Parse(["allow 127.0.0.0/8", "deny all", "allow all"]);
        Assert.That(rules.Allows(IPAddress.Loopback), Is.True);
        Assert.That(rules.Allows(IPAddress.IPv6Loopback), Is.False);
    }

    [Test]
    public void No_rules_allow() => Assert.That(AccessRules.Parse([]).Allows(IPAddress.Loopback), Is.True);

    [TestCase("allow")]
    [TestCase("permit all")]
    [TestCase("allow 10.0.0.0/33")]
    [TestCase("allow 10.0.0.0/-1")]
    [TestCase("deny somewhere")]
    [TestCase("deny all of them")]
    public void Unreadable_rule_is_named(string rule) =>
        Assert.That(() => AccessRules.Parse([rule]), Throws.TypeOf<FormatException>().With.Message.Contains(rule));

    [Test]
    public void Trusted_peers_are_loopback_unless_given()
    {
        AddressRanges none = AddressRanges.ParseTrustedPeers([]);
        AddressRanges given = AddressRanges.ParseTrustedPeers(["192.0.2.0/24"]);
        Assert.That(none.Contains(IPAddress.Parse("127.0.0.5")) && none.Contains(IPAddress.IPv6Loopback), Is.True);
        Assert.That(none.Contains(IPAddress.Parse("192.0.2.1")), Is.False);
        Assert.That(given.Contains(IPAddress.Parse("192.0.2.1")), Is.True);
        Assert.That(given.Contains(IPAddress.Loopback), Is.False);
    }
}
