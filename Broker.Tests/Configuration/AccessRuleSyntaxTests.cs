using Broker.Configuration.Validation;
using NUnit.Framework;

namespace Broker.Tests.Configuration;

public sealed class AccessRuleSyntaxTests
{
    [TestCase("allow all", true)]
    [TestCase("deny 10.0.0.0/8", true)]
    [TestCase("deny 10.0.0.1/8", true)]
    [TestCase("allow  192.0.2.1", true)]
    [TestCase("allow 2001:db8::/32", true)]
    [TestCase("", false)]
    [TestCase("allow", false)]
    [TestCase("ALLOW all", false)]
    [TestCase("all allow", false)]
    [TestCase("allow 10.0.0.0/33", false)]
    [TestCase("allow 10.0.x.0/8", false)]
    [TestCase("allow 10.0.0.0/8 please", false)]
    public void Rules(string text, bool expected) => Assert.That(AccessRuleSyntax.IsRule(text), Is.EqualTo(expected));
}
