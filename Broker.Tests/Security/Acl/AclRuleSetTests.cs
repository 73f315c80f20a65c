using System.Text;
using Broker.Core.Ports;
using Broker.Core.Sessions;
using Broker.Primitives;
using Broker.Security.Acl;
using Broker.Tests.Conformance;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Broker.Tests.Security.Acl;

public sealed class AclRuleSetTests
{
    private static readonly ClientIdentity Ann = Rules.Client("dev", "ann");

    [Test]
    public void Without_rules_everything_is_allowed_and_with_one_the_rest_is_denied()
    {
        Assert.That(AclRuleSet.Empty.MayPublish(Ann, "a"), Is.True);
        Assert.That(Rules.Of("allow publish b").MayPublish(Ann, "a"), Is.False);
        Assert.That(Rules.Of("allow publish b").MayPublish(Ann, "b"), Is.True);
        Assert.That(Rules.Of("deny publish b").MayPublish(Ann, "a"), Is.False);
    }

    [TestCase("allow publish a/#", "deny publish a/b", ExpectedResult = true)]
    [TestCase("deny publish a/b", "allow publish a/#", ExpectedResult = false)]
    [TestCase("deny user ann publish a/b", "allow publish a/#", ExpectedResult = false)]
    [TestCase("allow publish a/#", "deny user ann publish a/b", ExpectedResult = true)]
    [TestCase("deny publish a/+", "allow client dev publish a/b", ExpectedResult = false)]
    [TestCase("allow client dev publish a/b", "deny publish a/+", ExpectedResult = true)]
    public bool The_first_match_decides(string first, string second) => Rules.Of(first, second).MayPublish(Ann, "a/b");

    [TestCase("user ann", ExpectedResult = true)]
    [TestCase("user bob", ExpectedResult = false)]
    [TestCase("client dev", ExpectedResult = true)]
    [TestCase("client dev user bob", ExpectedResult = false)]
    [TestCase("client Dev", ExpectedResult = false)]
    [TestCase("peer 10.0.0.0/8", ExpectedResult = true)]
    [TestCase("peer 10.1.2.4", ExpectedResult = false)]
    [TestCase("listener mqtt", ExpectedResult = true)]
    [TestCase("listener other", ExpectedResult = false)]
    [TestCase("protocol mqtt", ExpectedResult = true)]
    [TestCase("protocol private-tcp", ExpectedResult = false)]
    [TestCase("anonymous", ExpectedResult = false)]
    [TestCase("all", ExpectedResult = true)]
    [TestCase("", ExpectedResult = true)]
    [TestCase("user ann peer 10.1.0.0/16 listener mqtt", ExpectedResult = true)]
    public bool Conditions(string who) => Rules.Of($"allow {who} publish a").MayPublish(Ann, "a");

    [Test]
    public void Anonymous_clients_have_no_username()
    {
        AclRuleSet rules = Rules.Of("allow anonymous publish a");

        Assert.That(rules.MayPublish(Rules.Client(), "a"), Is.True);
        Assert.That(rules.MayPublish(Ann, "a"), Is.False);
    }

    [Test]
    public void An_IPv4_peer_on_an_IPv6_socket_is_an_IPv4_peer() =>
        Assert.That(Rules.Of("allow peer 10.0.0.0/8 publish a").MayPublish(Rules.Client(peer: "::ffff:10.1.2.3"), "a"), Is.True);

    [TestCase("a", false, 1, ExpectedResult = true)]
    [TestCase("a qos 0", false, 1, ExpectedResult = false)]
    [TestCase("a qos 0,1", false, 1, ExpectedResult = true)]
    [TestCase("a retain", false, 0, ExpectedResult = false)]
    [TestCase("a retain", true, 0, ExpectedResult = true)]
    public bool Qos_and_retain(string what, bool retain, int qos) =>
        Rules.Of($"allow publish {what}").MayPublish(Ann, "a", (Qos)qos, retain);

    [Test]
    public void Actions_are_told_apart()
    {
        Assert.That(Rules.Of("allow publish a").MaySubscribe(Ann, "a"), Is.False);
        Assert.That(Rules.Of("allow subscribe a").MaySubscribe(Ann, "a"), Is.True);
        Assert.That(Rules.Of("allow all a").MaySubscribe(Ann, "a"), Is.True);
        Assert.That(Rules.Of("allow all all a").MayPublish(Ann, "a"), Is.True);
    }

    [TestCase("#", ExpectedResult = false, TestName = "A subscription to # does not slip past a narrower deny")]
    [TestCase("+/x", ExpectedResult = false)]
    [TestCase("secret", ExpectedResult = false)]
    [TestCase("secret/+/y", ExpectedResult = false)]
    [TestCase("open/#", ExpectedResult = true)]
    [TestCase("open/+", ExpectedResult = true)]
    public bool A_subscription_is_denied_for_what_it_could_match(string filter) =>
        Rules.Of("deny subscribe secret/#", "allow subscribe #").MaySubscribe(Ann, filter);

    [TestCase("#", ExpectedResult = true)]
    [TestCase("secret/x", ExpectedResult = true)]
    public bool An_allow_that_covers_before_the_deny_decides(string filter) =>
        Rules.Of("allow subscribe #", "deny subscribe secret/#").MaySubscribe(Ann, filter);

    [Test]
    public void An_allow_that_covers_a_part_leaves_the_rest_to_the_rules_below()
    {
        Assert.That(Rules.Of("allow subscribe a/+").MaySubscribe(Ann, "a/#"), Is.False);
        Assert.That(Rules.Of("allow subscribe a/+", "allow subscribe a/#").MaySubscribe(Ann, "a/#"), Is.True);
    }

    [Test]
    public void Placeholders_are_the_clients_own_names()
    {
        AclRuleSet rules = Rules.Of("allow all fleet/%u/%c-x/#");

        Assert.That(rules.MayPublish(Ann, "fleet/ann/dev-x/up"), Is.True);
        Assert.That(rules.MayPublish(Ann, "fleet/ann/other-x/up"), Is.False);
        Assert.That(rules.MayPublish(Rules.Client("other", "ann"), "fleet/ann/other-x/up"), Is.True);
        Assert.That(rules.MaySubscribe(Ann, "fleet/ann/dev-x/#"), Is.True);
        Assert.That(rules.MaySubscribe(Ann, "fleet/+/dev-x/#"), Is.False);
    }

    [TestCase("+", "fleet/+/up")]
    [TestCase("+", "fleet/victim/up")]
    [TestCase("#", "fleet/victim/up")]
    [TestCase("victim/up", "fleet/victim/up/up")]
    [TestCase("", "fleet//up")]
    public void A_ClientId_with_wildcards_or_slashes_gains_nothing(string clientId, string topic)
    {
        AclRuleSet rules = Rules.Of("allow all fleet/%c/up");

        Assert.That(rules.MaySubscribe(Rules.Client(clientId), topic), Is.False);
        Assert.That(topic.Contains('+') || !rules.MayPublish(Rules.Client(clientId), topic), Is.True);
        Assert.That(rules.MaySubscribe(Rules.Client("victim"), "fleet/victim/up"), Is.True);
    }

    [Test]
    public void A_ClientId_cannot_open_the_brokers_own_topics()
    {
        AclRuleSet rules = Rules.Of("allow subscribe %c/#");

        Assert.That(rules.MaySubscribe(Rules.Client("$SYS"), "$SYS/#"), Is.False);
        Assert.That(rules.MaySubscribe(Rules.Client("dev"), "dev/#"), Is.True);
    }

    [Test]
    public void A_deny_that_cannot_be_filled_in_denies_all_it_could_mean()
    {
        AclRuleSet rules = Rules.Of("deny publish private/%u/x", "allow publish #");

        Assert.That(rules.MayPublish(Rules.Client(user: "a/b"), "private/a/b/x"), Is.False);
        Assert.That(rules.MayPublish(Rules.Client(user: null), "private/a/x"), Is.False);
        Assert.That(rules.MayPublish(Rules.Client(user: "bob"), "private/ann/x"), Is.True);
        Assert.That(rules.MayPublish(Rules.Client(user: "a/b"), "public/x"), Is.True);
    }

    [Test]
    [Statement("3.1.1", "MQTT-4.7.2-1")]
    [Statement("5.0", "MQTT-4.7.2-1")]
    public void Wildcards_do_not_reach_the_brokers_own_topics()
    {
        Assert.That(Rules.Of("allow subscribe #").MaySubscribe(Ann, "$SYS/#"), Is.False);
        Assert.That(Rules.Of("allow subscribe #", "allow subscribe $SYS/#").MaySubscribe(Ann, "$SYS/#"), Is.True);
        Assert.That(Rules.Of("allow publish $x/+", "deny publish #").MayPublish(Ann, "$x/a"), Is.True);
    }

    [Test]
    public void A_shadow_rule_counts_only_when_asked_for()
    {
        AclRuleSet rules = Rules.Of("shadow deny publish a", "allow publish #");
        AclRequest request = new(Ann, TopicAction.Publish, Qos.AtMostOnce, false);

        Assert.That(rules.Decide(request, "a"u8).IsAllowed, Is.True);
        Assert.That(rules.Decide(request with { WithShadow = true }, "a"u8).IsAllowed, Is.False);
    }

    [Test]
    public void The_broker_itself_is_above_the_rules() =>
        Assert.That(Rules.Of("deny all #").MayPublish(ClientIdentity.Internal, "a"), Is.True);

    [FsCheck.NUnit.Property(MaxTest = 500)]
    public Property The_tree_agrees_with_a_walk_through_all_rules_in_order() => Prop.ForAll(RuleLists(), lines =>
    {
        AclRuleSet rules = Rules.Of(lines);
        string[] topics = ["a", "a/b", "b/a", "a/a/b", "$x/a", "dev/a", "c"];
        return topics.All(topic => rules.MayPublish(Ann, topic) == Walk(rules, topic)).Label(string.Join("; ", lines));
    });

    [FsCheck.NUnit.Property(MaxTest = 500)]
    public Property An_allowed_subscription_matches_allowed_topics_only() => Prop.ForAll(RuleLists(), lines =>
    {
        AclRuleSet rules = Rules.Of([.. lines.Select(line => line.Replace("publish", "all", StringComparison.Ordinal))]);
        string[] topics = ["a", "a/b", "b/a", "a/a/b", "$x/a", "dev/a", "c", "b/b/b/b"];
        string[] filters = ["#", "+", "+/#", "a/#", "a/+", "+/b", "a/b", "$x/#", "dev/+"];
        return filters.Where(filter => rules.MaySubscribe(Ann, filter))
            .All(filter => topics.Where(topic => TopicFilter.Parse(filter).Matches(Encoding.UTF8.GetBytes(topic))).All(topic => rules.MayPublish(Ann, topic)))
            .Label(string.Join("; ", lines));
    });

    private static bool Walk(AclRuleSet rules, string topic) => rules.Rules.FirstOrDefault(rule =>
        rule.Who.Includes(Ann) && rule.Pattern.For(Ann, rule.Allows) is { } filter && TopicFilter.Matches(filter, Encoding.UTF8.GetBytes(topic)))?.Allows ?? false;

    private static Arbitrary<string[]> RuleLists()
    {
        Gen<string> rule =
            from effect in Gen.Elements("allow", "deny")
            from who in Gen.Elements("", "", "user ann", "user bob", "client dev")
            from filter in Gen.Elements("#", "+", "a/#", "a/+", "+/b", "a/b", "%c/#", "$x/#", "a", "+/a/+")
            select $"{effect} {who} publish {filter}";
        return Gen.Choose(1, 6).SelectMany(count => rule.ArrayOf(count)).ToArbitrary();
    }
}
