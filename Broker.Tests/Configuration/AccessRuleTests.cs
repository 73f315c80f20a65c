using System.Net;
using Broker.Configuration;
using NUnit.Framework;

namespace Broker.Tests.Configuration;

public sealed class AccessRuleTests
{
    [TestCase("allow all", "192.0.2.1", true)]
    [TestCase("deny 10.0.0.0/8", "10.9.8.7", true)]
    [TestCase("deny 10.0.0.0/8", "::ffff:10.9.8.7", true)]
    [TestCase("deny 10.0.0.0/8", "11.0.0.1", false)]
    [TestCase("deny 10.0.0.1/8", "10.9.8.7", true)]
    [TestCase("allow 192.0.2.1", "192.0.2.1", true)]
    [TestCase("allow 192.0.2.1", "192.0.2.2", false)]
    [TestCase("ALLOW  2001:db8::/32", "2001:db8::1", true)]
    public void Matches(string text, string address, bool expected)
    {
        Assert.That(AccessRule.TryParse(text, out AccessRule? rule), Is.True);
        Assert.That(rule!.Matches(IPAddress.Parse(address)), Is.EqualTo(expected));
    }

    [TestCase("deny all", false)]
    [TestCase("allow all", true)]
    public void Allows_or_denies(string text, bool expected)
    {
        Assert.That(AccessRule.TryParse(text, out AccessRule? rule), Is.True);
        Assert.That(rule!.Allow, Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("allow")]
    [TestCase("all allow")]
    [TestCase("allow 10.0.x.0/8")]
    [TestCase("allow 10.0.0.0/33")]
    [TestCase("allow 10.0.0.0/8 please")]
    public void Refuses(string text) => Assert.That(AccessRule.TryParse(text, out _), Is.False);
}
