using Broker.Security.Acl;
using NUnit.Framework;

namespace Broker.Tests.Security.Acl;

public sealed class AclFileTests
{
    [Test]
    public void Every_mistake_is_reported_with_its_line()
    {
        AclFile file = AclFile.Parse([
            "# comment",
            "",
            "allow user publish",
            "permit publish a",
            "allow user ann publish a/#/b",
            "allow publish a qos 3",
            "allow peer 10.0.0.0/99 publish a",
            "allow protocol coap publish a",
            "allow user \"ann publish a",
            "allow subscribe a retain",
            "allow anonymous user ann publish a",
            "allow user a user b publish a",
            "allow publish a b",
            "allow subscribe $share/g/a",
            "topic read a",
            "allow publish ok",
        ]);

        Assert.That(file.Problems.Select(problem => problem.Line), Is.EqualTo([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]));
        Assert.That(file.Rules.Rules, Has.Count.EqualTo(1));
        Assert.That(file.Problems[1].ToString(), Is.EqualTo("line 4: 'permit' where allow, deny or shadow is expected"));
    }

    [Test]
    public void Quotes_keep_blanks_and_keywords()
    {
        AclRuleSet rules = Rules.Of("allow user \"ann \\\"x\\\" lee\" publish \"a b\"", "allow client publish publish c");

        Assert.That(rules.MayPublish(Rules.Client(user: "ann \"x\" lee"), "a b"), Is.True);
        Assert.That(rules.MayPublish(Rules.Client(id: "publish"), "c"), Is.True);
    }

    [Test]
    public void A_file_that_is_not_there_is_a_problem() =>
        Assert.That(AclFile.Load("/nonexistent/acl").Problems.Single().Line, Is.Zero);

    [Test]
    public void Mosquitto_topics_belong_to_the_user_above_and_to_anonymous_clients_before_the_first()
    {
        AclRuleSet rules = Rules.Of("topic read news/#", "user ann lee", "topic fleet/#", "topic write log/a b", "pattern readwrite own/%u/#");

        Assert.That(rules.MaySubscribe(Rules.Client(), "news/#"), Is.True);
        Assert.That(rules.MaySubscribe(Rules.Client(user: "ann lee"), "news/#"), Is.False);
        Assert.That(rules.MayPublish(Rules.Client(user: "ann lee"), "fleet/x"), Is.True);
        Assert.That(rules.MayPublish(Rules.Client(user: "ann lee"), "log/a b"), Is.True);
        Assert.That(rules.MaySubscribe(Rules.Client(user: "ann lee"), "log/a b"), Is.False);
        Assert.That(rules.MayPublish(Rules.Client(user: "bob"), "own/bob/x"), Is.True);
        Assert.That(rules.MayPublish(Rules.Client(user: "bob"), "own/ann/x"), Is.False);
    }

    [Test]
    public void Mosquitto_denials_come_first_wherever_they_stand()
    {
        AclRuleSet rules = Rules.Of("user ann", "topic readwrite a/#", "topic deny a/secret", "pattern write p/%c");

        Assert.That(rules.MayPublish(Rules.Client(user: "ann"), "a/secret"), Is.False);
        Assert.That(rules.MayPublish(Rules.Client(user: "ann"), "a/open"), Is.True);
        Assert.That(rules.MaySubscribe(Rules.Client(user: "ann"), "a/#"), Is.False);
    }

    [Test]
    public void Mosquitto_topics_take_placeholders_literally_and_patterns_do_not()
    {
        Assert.That(Rules.Of("user ann", "topic a/%u").MayPublish(Rules.Client(user: "ann"), "a/ann"), Is.False);
        Assert.That(Rules.Of("user ann", "topic a/%u").MayPublish(Rules.Client(user: "ann"), "a/%u"), Is.True);
        Assert.That(Rules.Of("pattern a/%u").MayPublish(Rules.Client(user: "ann"), "a/ann"), Is.True);
    }

    [Test]
    public void Mosquitto_mistakes_are_reported_together() =>
        Assert.That(
            AclFile.Parse(["user", "topic read", "pattern a/#/b", "allow publish a"]).Problems.Select(problem => problem.Line),
            Is.EqualTo([1, 2, 3, 4]));
}
