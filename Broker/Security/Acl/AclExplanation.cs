using System.Text;
using Broker.Core.Ports;
using Broker.Core.Sessions;

namespace Broker.Security.Acl;

/// <summary>Says in words what the rules decide and why.</summary>
internal static class AclExplanation
{
    /// <summary>The decision in the first line, the reasons in those below.</summary>
    public static IReadOnlyList<string> Of(AclRuleSet rules, AclRequest request, string topic)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(topic);
        AclDecision decision = rules.Decide(request, bytes);
        string action = AclAuthorizer.NameOf(request.Action);
        List<string> lines = [$"{(decision.IsAllowed ? "allowed" : "denied")}: {action} {topic}"];
        lines.Add(decision.Rule is { } rule ? $"by {rule}" : WithoutRule(rules, request));
        if (decision.Rule is { } deciding)
        {
            lines.Add(Reason(deciding, request));
        }

        AddPassedOver(rules, request, bytes, decision, lines);
        AddShadow(rules, request, bytes, decision, lines);
        return lines;
    }

    private static string WithoutRule(AclRuleSet rules, in AclRequest request) => rules.IsRestricted(request)
        ? "no rule decides, and what no rule allows is denied"
        : request.Action == TopicAction.Receive
            ? "no receive rule decides, and what a subscription matches is delivered then"
            : "there are no rules, so everything is allowed";

    private static string Reason(AclRule rule, in AclRequest request)
    {
        string filter = FilterText(rule, request.Client);
        if (request.Action != TopicAction.Subscribe)
        {
            return $"because its filter {filter} matches the topic";
        }

        return rule.Allows
            ? $"because its filter {filter} covers everything that the subscription could match"
            : $"because its filter {filter} has topics in common with the subscription";
    }

    // An allow rule that covers a subscription in part only is what people stumble over.
    private static void AddPassedOver(AclRuleSet rules, AclRequest request, byte[] filter, AclDecision decision, List<string> lines)
    {
        if (request.Action != TopicAction.Subscribe)
        {
            return;
        }

        int end = decision.Rule?.Order ?? int.MaxValue;
        foreach (AclRule rule in CarriedRules.Of(request.Client.Grants).Concat(rules.Rules).Where(rule => rule.Order < end && rule.Allows && rule.AppliesTo(request)))
        {
            if (rule.Who.Includes(request.Client) && rule.Pattern.For(request.Client, true) is { } own && FilterSet.Overlap(own, filter))
            {
                lines.Add($"passed over, because it allows only a part of that: {rule}");
            }
        }
    }

    private static void AddShadow(AclRuleSet rules, AclRequest request, byte[] topic, AclDecision enforced, List<string> lines)
    {
        AclDecision shadow = rules.Decide(request with { WithShadow = true }, topic);
        if (shadow.IsAllowed != enforced.IsAllowed)
        {
            string verdict = shadow.IsAllowed ? "allowed" : "denied";
            lines.Add($"with its shadow rules enforced it would be {verdict} by {shadow.Rule?.ToString() ?? "the default"}");
        }
    }

    private static string FilterText(AclRule rule, ClientIdentity client) =>
        Encoding.UTF8.GetString(rule.Pattern.For(client, rule.Allows) ?? []);
}
