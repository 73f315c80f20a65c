using Broker.Core.Ports;
using Broker.Observability;
using Broker.Primitives;
using Broker.Security.Acl;
using Broker.Tests.Infrastructure;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Broker.Tests.Security.Acl;

/// <summary>Rules about what a granted subscription delivers.</summary>
internal sealed class ReceiveRulesTests
{
    [TestCase("deny receive secret/#", "secret/1", false)]
    [TestCase("deny receive secret/#", "open/1", true)]
    [TestCase("deny user bob receive secret/#", "secret/1", true)]
    [TestCase("deny receive # qos 1,2", "secret/1", true)]
    [TestCase("deny receive # retain", "secret/1", true)]
    [TestCase("deny receive up/%c/#", "up/dev/1", false)]
    [TestCase("deny receive up/%c/#", "up/other/1", true)]
    [TestCase("deny all #", "secret/1", true)]
    [TestCase("shadow deny receive #", "secret/1", true)]
    public void The_first_receive_rule_decides_and_what_none_is_about_is_delivered(string rule, string topic, bool delivered)
    {
        var metrics = new BrokerMetrics();

        Assert.That(MayReceive(Authorizer(metrics, rule), topic), Is.EqualTo(delivered));
        Assert.That(metrics.AuthorizationDenials[(int)TopicAction.Receive], Is.EqualTo(delivered ? 0 : 1));
    }

    [Test]
    public void An_allow_rule_before_makes_an_exception()
    {
        var metrics = new BrokerMetrics();
        AclAuthorizer authorizer = Authorizer(metrics, "allow user ann receive secret/ann", "deny receive secret/#");

        Assert.That((MayReceive(authorizer, "secret/ann"), MayReceive(authorizer, "secret/bob")), Is.EqualTo((true, false)));
    }

    [TestCase("deny receive a", true)]
    [TestCase("deny all a", false)]
    [TestCase("allow subscribe a", false)]
    public void Deliveries_are_looked_at_only_where_a_rule_asks_for_it(string rule, bool expected)
    {
        var metrics = new BrokerMetrics();

        Assert.That(Authorizer(metrics, rule).ChecksDelivery, Is.EqualTo(expected));
    }

    [Test]
    public void Receive_rules_say_nothing_about_subscriptions() =>
        Assert.That(Rules.Of("deny receive secret/#", "allow subscribe #").MaySubscribe(Rules.Client(), "#"), Is.True);

    [Test]
    public void A_client_brings_none_along()
    {
        System.Text.Json.JsonElement Rule(string text) => System.Text.Json.JsonElement.Parse($"[\"{text}\"]");

        Assert.That(() => CarriedRules.Read(Rule("deny receive a")), Throws.TypeOf<AclSyntaxException>());
        Assert.That(() => CarriedRules.Read(Rule("deny subscribe a")), Throws.Nothing);
    }

    private static AclAuthorizer Authorizer(BrokerMetrics metrics, params string[] lines) =>
        new(Rules.Of(lines), metrics, new ManualTimeProvider(), NullLogger<AclAuthorizer>.Instance);

    private static bool MayReceive(AclAuthorizer authorizer, string topic) =>
        authorizer.IsAllowed(Rules.Client(user: "ann"), TopicAction.Receive, System.Text.Encoding.UTF8.GetBytes(topic), Qos.AtMostOnce, false);
}
