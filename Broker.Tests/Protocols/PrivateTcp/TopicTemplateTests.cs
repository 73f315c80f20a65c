using System.Text;
using Broker.Protocols.PrivateTcp;
using NUnit.Framework;

namespace Broker.Tests.Protocols.PrivateTcp;

internal sealed class TopicTemplateTests
{
    [TestCase("tcp/%c/up", "tcp/dev/up")]
    [TestCase("%u/%c", "user/dev")]
    [TestCase("%c%c%u", "devdevuser")]
    [TestCase("fixed", "fixed")]
    [TestCase("$devices/%c", "$devices/dev")]
    public void Placeholders_are_replaced(string template, string expected)
    {
        var outcome = TopicTemplate.Parse(template).Expand("dev", "user", allowSlash: false, out var topic);

        Assert.That(outcome, Is.EqualTo(TopicTemplateOutcome.Expanded));
        Assert.That(Encoding.UTF8.GetString(topic), Is.EqualTo(expected));
    }

    [TestCase("a%uz")]
    [TestCase("%c")]
    [TestCase("ü")]
    public void A_value_is_never_a_template(string clientId)
    {
        TopicTemplate.Parse("%c/%u").Expand(clientId, "x", allowSlash: false, out var topic);

        Assert.That(Encoding.UTF8.GetString(topic), Is.EqualTo(clientId + "/x"));
    }

    [TestCase("a+", TopicTemplateOutcome.WildcardInValue)]
    [TestCase("#", TopicTemplateOutcome.WildcardInValue)]
    [TestCase("a\0b", TopicTemplateOutcome.WildcardInValue)]
    [TestCase("a/b", TopicTemplateOutcome.SlashInValue)]
    public void Decision7_topic_injection_is_refused(string value, TopicTemplateOutcome expected)
    {
        Assert.That(TopicTemplate.Parse("t/%c").Expand(value, null, allowSlash: false, out var topic), Is.EqualTo(expected));
        Assert.That(topic, Is.Empty);
        Assert.That(TopicTemplate.Parse("t/%u").Expand("dev", value, allowSlash: false, out _), Is.EqualTo(expected));
    }

    [Test]
    public void Decision7_only_values_that_the_template_uses_are_judged()
    {
        Assert.That(TopicTemplate.Parse("t/%c").Expand("dev", "a/+", allowSlash: false, out _), Is.EqualTo(TopicTemplateOutcome.Expanded));
        Assert.That(TopicTemplate.Parse("t/%u").Expand("a/+", "user", allowSlash: false, out _), Is.EqualTo(TopicTemplateOutcome.Expanded));
    }

    [TestCase("a/b", TopicTemplateOutcome.Expanded)]
    [TestCase("a/+", TopicTemplateOutcome.WildcardInValue)]
    public void Decision7_a_setting_allows_the_slash_but_no_wildcard(string value, TopicTemplateOutcome expected) =>
        Assert.That(TopicTemplate.Parse("t/%c").Expand(value, null, allowSlash: true, out _), Is.EqualTo(expected));

    [TestCase("$SYS")]
    [TestCase("$share")]
    public void Decision7_a_value_cannot_lead_to_reserved_topics(string value) =>
        Assert.That(
            TopicTemplate.Parse("%c/up").Expand(value, null, allowSlash: false, out _), Is.EqualTo(TopicTemplateOutcome.ReservedTopic));

    [TestCase(null)]
    [TestCase("")]
    public void Decision8_a_username_is_needed_where_the_template_has_one(string? username)
    {
        var template = TopicTemplate.Parse("tcp/%u/up");

        Assert.That(template.UsesUsername);
        Assert.That(template.Expand("dev", username, allowSlash: false, out _), Is.EqualTo(TopicTemplateOutcome.UsernameMissing));
    }

    [Test]
    public void A_topic_above_65535_bytes_is_refused() =>
        Assert.That(
            TopicTemplate.Parse("t/%c").Expand(new string('a', 65534), null, allowSlash: false, out _),
            Is.EqualTo(TopicTemplateOutcome.TooLong));

    [TestCase("", TopicTemplateError.Empty)]
    [TestCase("a/%d", TopicTemplateError.UnknownPlaceholder)]
    [TestCase("a/%", TopicTemplateError.UnknownPlaceholder)]
    [TestCase("a/+/%c", TopicTemplateError.InvalidTopic)]
    [TestCase("a/#", TopicTemplateError.InvalidTopic)]
    public void Bad_templates_are_refused(string text, TopicTemplateError expected)
    {
        Assert.That(TopicTemplate.TryParse(text, out _, out var error), Is.False);
        Assert.That(error, Is.EqualTo(expected));
        Assert.That(() => TopicTemplate.Parse(text), Throws.InstanceOf<FormatException>());
    }
}
