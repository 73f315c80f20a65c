using Broker.Core.Ports;
using Broker.Core.Sessions;
using Broker.Primitives;
using Broker.Security.Acl;
using NUnit.Framework;

namespace Broker.Tests.Security.Acl;

/// <summary>Rules and claims that a client brings along.</summary>
public sealed class CarriedRulesTests
{
    private static readonly ClientIdentity Ann = Rules.Client("dev", "ann");

    [TestCase("a", ExpectedResult = true)]
    [TestCase("b", ExpectedResult = false)]
    [TestCase("file", ExpectedResult = true)]
    [TestCase("neither", ExpectedResult = false)]
    public bool They_come_before_the_file(string topic) =>
        Rules.Of("deny publish a", "allow publish b", "allow publish file").MayPublish(Ann.Carrying("allow publish a", "deny publish b"), topic);

    [Test]
    public void The_first_that_matches_decides() =>
        Assert.That(AclRuleSet.Empty.MayPublish(Ann.Carrying("deny publish a/b", "allow publish a/#"), "a/b"), Is.False);

    [Test]
    public void Who_has_some_is_denied_the_rest_also_where_there_is_no_file()
    {
        Assert.That(AclRuleSet.Empty.MayPublish(Ann.Carrying("allow publish a"), "a"), Is.True);
        Assert.That(AclRuleSet.Empty.MayPublish(Ann.Carrying("allow publish a"), "b"), Is.False);
        Assert.That(AclRuleSet.Empty.MayPublish(Ann.Carrying(), "b"), Is.False);
        Assert.That(AclRuleSet.Empty.MayPublish(Ann, "b"), Is.True);
    }

    [TestCase("#", ExpectedResult = false)]
    [TestCase("$share/g/secret/#", ExpectedResult = false)]
    [TestCase("open/#", ExpectedResult = true)]
    public bool Subscriptions_are_judged_by_what_they_could_match(string filter) => AclRuleSet.Empty.MaySubscribe(
        Ann.Carrying("deny subscribe secret/#", "allow subscribe #"), System.Text.Encoding.UTF8.GetString(TopicFilter.Parse(filter).Text));

    [Test]
    public void They_know_the_clients_names()
    {
        Assert.That(AclRuleSet.Empty.MayPublish(Ann.Carrying("allow publish %u/%c"), "ann/dev"), Is.True);
        Assert.That(AclRuleSet.Empty.MayPublish(Rules.Client("+/#", "ann").Carrying("allow publish %u/%c"), "ann/dev"), Is.False);
    }

    [TestCase("""{"tenant":"t1"}""", "t1/x", ExpectedResult = true)]
    [TestCase("""{"tenant":"t1"}""", "t2/x", ExpectedResult = false)]
    [TestCase("""{"tenant":7}""", "7/x", ExpectedResult = true)]
    [TestCase("""{"tenant":"+"}""", "t1/x", ExpectedResult = false)]
    [TestCase("""{"tenant":"#"}""", "t1/x", ExpectedResult = false)]
    [TestCase("""{"tenant":"a/b"}""", "a/b/x", ExpectedResult = false)]
    [TestCase("""{"tenant":"$SYS"}""", "$SYS/x", ExpectedResult = false)]
    [TestCase("""{"tenant":""}""", "/x", ExpectedResult = false)]
    [TestCase("""{"tenant":["t1"]}""", "t1/x", ExpectedResult = false)]
    [TestCase("""{}""", "t1/x", ExpectedResult = false)]
    public bool Claims_fill_rules_in(string claims, string topic) =>
        Rules.Of("allow all {tenant}/#").MayPublish(Ann.Claiming(claims), topic);

    [Test]
    public void Claims_may_lie_inside_others()
    {
        ClientIdentity client = Ann.Claiming("""{"app_metadata":{"tenant":"t1"},"a.b":"c"}""");

        Assert.That(Rules.Of("allow publish x/{app_metadata.tenant}-{a.b}/%c").MayPublish(client, "x/t1-c/dev"), Is.True);
        Assert.That(Rules.Of("allow publish x/{app_metadata}").MayPublish(client, "x/t1"), Is.False);
    }

    [Test]
    public void A_deny_rule_whose_claim_is_missing_denies_all_below()
    {
        AclRuleSet rules = Rules.Of("deny publish private/{tenant}/x", "allow publish #");

        Assert.That(rules.MayPublish(Ann, "private/t1/y"), Is.False);
        Assert.That(rules.MayPublish(Ann.Claiming("""{"tenant":"t1"}"""), "private/t1/y"), Is.True);
        Assert.That(rules.MayPublish(Ann.Claiming("""{"tenant":"t1"}"""), "private/t1/x"), Is.False);
    }

    [Test]
    public void In_the_syntax_of_Mosquitto_braces_are_text()
    {
        Assert.That(Rules.Of("pattern write {tenant}/%c").MayPublish(Ann.Claiming("""{"tenant":"t1"}"""), "t1/dev"), Is.False);
        Assert.That(Rules.Of("pattern write {tenant}/%c").MayPublish(Ann, "{tenant}/dev"), Is.True);
    }

    [Test]
    public void The_explanation_says_whose_rule_it_is() => Assert.That(
        AclExplanation.Of(AclRuleSet.Empty, new AclRequest(Ann.Carrying("deny publish a"), TopicAction.Publish, Qos.AtMostOnce, false), "a"),
        Is.EqualTo(new[] { "denied: publish to a", "by the client's own rule: deny publish a", "because its filter a matches the topic" }));
}
