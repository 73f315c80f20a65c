using Broker.Core.Ports;
using Broker.Observability;
using Broker.Primitives;
using Broker.Security.Acl;
using Broker.Tests.Infrastructure;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace Broker.Tests.Security.Acl;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AclAuthorizerTests : IDisposable
{
    private readonly BrokerMetrics _metrics = new();
    private readonly ManualTimeProvider _time = new();
    private readonly LogLines _log = new();
    private readonly LoggerFactory _loggers;

    public AclAuthorizerTests() => _loggers = new LoggerFactory([_log]);

    public void Dispose()
    {
        _loggers.Dispose();
        _log.Dispose();
    }

    [Test]
    public void A_denial_names_client_topic_and_rule_and_is_counted()
    {
        AclAuthorizer authorizer = Authorizer("deny user ann publish a", "allow all #");

        Assert.That(MayPublish(authorizer, "a"), Is.False);
        Assert.That(_log.ToString(), Does.Contain("Information dev (user ann) may not publish to a: line 1: deny user ann publish a"));
        Assert.That(_metrics.AuthorizationDenials[(int)TopicAction.Publish], Is.EqualTo(1));
        Assert.That(MayPublish(authorizer, "b"), Is.True);
        Assert.That(_log.Lines, Has.Count.EqualTo(1));
    }

    [Test]
    public void Denials_cannot_flood_the_log()
    {
        AclAuthorizer authorizer = Authorizer("deny all #");
        for (int i = 0; i < 1000; i++)
        {
            MayPublish(authorizer, "a");
        }

        Assert.That(_log.Lines, Has.Count.EqualTo(20));
        _time.Advance(TimeSpan.FromSeconds(1));
        MayPublish(authorizer, "a");
        Assert.That(_log.Lines.Last(), Does.Contain("980 such lines left out"));
    }

    [Test]
    public void A_shadow_rule_is_logged_and_counted_but_not_enforced()
    {
        AclAuthorizer authorizer = Authorizer("shadow deny publish a", "allow all #");

        Assert.That(MayPublish(authorizer, "a"), Is.True);
        Assert.That(MayPublish(authorizer, "b"), Is.True);
        Assert.That(_metrics.ShadowDecisions.Total, Is.EqualTo(1));
        Assert.That(_log.Lines.Single(), Does.Contain("would be denied: line 1: shadow deny publish a"));
    }

    [Test]
    public void Replaced_rules_count_at_once_for_clients_that_have_asked_before()
    {
        AclAuthorizer authorizer = Authorizer("allow user ann publish a");
        Broker.Core.Sessions.ClientIdentity ann = Rules.Client(user: "ann");
        Assert.That(authorizer.IsAllowed(ann, TopicAction.Publish, "a"u8, Qos.AtMostOnce, false), Is.True);

        authorizer.Replace(Rules.Of("allow user ann publish b"));

        Assert.That(authorizer.IsAllowed(ann, TopicAction.Publish, "a"u8, Qos.AtMostOnce, false), Is.False);
        Assert.That(authorizer.IsAllowed(ann, TopicAction.Publish, "b"u8, Qos.AtMostOnce, false), Is.True);
    }

    [Test]
    public void Replaced_rules_have_another_version_and_shadow_rules_have_none()
    {
        AclAuthorizer authorizer = Authorizer("allow publish a");
        int first = authorizer.Version;

        authorizer.Replace(Rules.Of("allow publish b"));
        int second = authorizer.Version;
        authorizer.Replace(Rules.Of("allow publish b", "shadow deny publish c"));

        Assert.That(first, Is.GreaterThan(0));
        Assert.That(second, Is.GreaterThan(0).And.Not.EqualTo(first));
        Assert.That(authorizer.Version, Is.Zero);
    }

    [Test]
    public void Without_rules_nobody_needs_to_ask()
    {
        Assert.That(Authorizer().AllowsEverything, Is.True);
        Assert.That(Authorizer("allow all #").AllowsEverything, Is.False);
    }

    [Test]
    public void Where_clients_may_carry_rules_those_without_are_as_free_as_before()
    {
        AclAuthorizer authorizer = new(AclRuleSet.Empty, _metrics, _time, _loggers.CreateLogger<AclAuthorizer>(), clientsCarryRules: true);

        Assert.That(authorizer.AllowsEverything, Is.False);
        Assert.That(MayPublish(authorizer, "a"), Is.True);
        Assert.That(authorizer.IsAllowed(Rules.Client().Carrying("allow publish b"), TopicAction.Publish, "a"u8, Qos.AtMostOnce, false), Is.False);
        Assert.That(authorizer.IsAllowed(Rules.Client().Carrying("allow publish a"), TopicAction.Publish, "a"u8, Qos.AtMostOnce, false), Is.True);
        Assert.That(_log.Lines, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_publish_allocates_nothing()
    {
        AclAuthorizer authorizer = Authorizer("deny publish x/+/y", "allow user ann publish a/#", "allow publish up/%c/#", "allow publish #");
        Broker.Core.Sessions.ClientIdentity ann = Rules.Client(user: "bob");

        Assert.That(
            Allocations.Of(() => authorizer.IsAllowed(ann, TopicAction.Publish, "x/1/z"u8, Qos.AtMostOnce, false)),
            Is.Zero);
    }

    private AclAuthorizer Authorizer(params string[] lines) => new(Rules.Of(lines), _metrics, _time, _loggers.CreateLogger<AclAuthorizer>());

    private static bool MayPublish(AclAuthorizer authorizer, string topic) =>
        authorizer.IsAllowed(Rules.Client(user: "ann"), TopicAction.Publish, System.Text.Encoding.UTF8.GetBytes(topic), Qos.AtMostOnce, false);
}
