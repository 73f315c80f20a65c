using System.Text;
using Broker.Core.Ports;
using Broker.Core.Sessions;
using Broker.Observability;
using Broker.Primitives;
using Microsoft.Extensions.Logging;

namespace Broker.Security.Acl;

/// <summary>Decides by a client's own rules and those of an ACL file. Says for every refusal which rule it was.</summary>
/// <param name="rules">Rules of the file.</param>
/// <param name="metrics">Counters.</param>
/// <param name="time">Clock.</param>
/// <param name="logger">Log.</param>
/// <param name="clientsCarryRules">Whether clients may have rules of their own.</param>
internal sealed class AclAuthorizer(
    AclRuleSet rules, BrokerMetrics metrics, TimeProvider time, ILogger<AclAuthorizer> logger, bool clientsCarryRules = false) : IAuthorizer, IAccessExplainer
{
    // A client that repeats what it may not do must not fill the disk.
    private const int LinesPerSecond = 20;

    private readonly LogBudget _budget = new(time, LinesPerSecond);
    private volatile AclRuleSet _rules = rules;
    private volatile int _replaced = 1;

    /// <summary>The rules in force.</summary>
    public AclRuleSet Rules => _rules;

    /// <inheritdoc />
    public bool AllowsEverything => !clientsCarryRules && _rules is { HasEnforcedRules: false, HasShadowRules: false };

    /// <inheritdoc />
    public bool ChecksDelivery => _rules.HasReceiveRules;

    /// <inheritdoc />
    public int Version => _rules.HasShadowRules ? 0 : _replaced; // what shadow rules say of each publish is counted

    /// <summary>Puts other rules in force, for everything that is asked from now on.</summary>
    public void Replace(AclRuleSet rules)
    {
        _rules = rules;
        Interlocked.Increment(ref _replaced);
    }

    /// <inheritdoc />
    public bool IsAllowed(ClientIdentity client, TopicAction action, ReadOnlySpan<byte> topic, Qos qos, bool retain)
    {
        AclRuleSet current = _rules;
        if (current is { HasEnforcedRules: false, HasShadowRules: false } && client.Grants is not { Rules: not null })
        {
            return true;
        }

        AclRequest request = new(client, action, qos, retain);
        AclDecision decision = current.Decide(request, topic);
        if (current.HasShadowRules)
        {
            CompareWithShadow(current, request, topic, decision);
        }

        if (!decision.IsAllowed)
        {
            metrics.AuthorizationDenials.Add((int)action);
            if (logger.IsEnabled(LogLevel.Information) && _budget.TrySpend(out int unsaid))
            {
                string rule = decision.Rule?.ToString() ?? "no rule allows it";
                logger.DeniedByRule(client.ClientId, client.Username, NameOf(action), Encoding.UTF8.GetString(topic), rule, unsaid);
            }
        }

        return decision.IsAllowed;
    }

    /// <inheritdoc />
    public IReadOnlyList<string> Explain(ClientIdentity client, TopicAction action, string topic, Qos qos, bool retain) =>
        AclExplanation.Of(_rules, new AclRequest(client, action, qos, retain), topic);

    private void CompareWithShadow(AclRuleSet current, in AclRequest request, ReadOnlySpan<byte> topic, AclDecision enforced)
    {
        AclDecision shadow = current.Decide(request with { WithShadow = true }, topic);
        if (shadow.IsAllowed == enforced.IsAllowed)
        {
            return;
        }

        metrics.ShadowDecisions.Add((int)request.Action);
        if (logger.IsEnabled(LogLevel.Information) && _budget.TrySpend(out int unsaid))
        {
            ClientIdentity client = request.Client;
            string verdict = shadow.IsAllowed ? "allowed" : "denied";
            string rule = shadow.Rule?.ToString() ?? "no rule allows it";
            logger.ShadowRule(client.ClientId, client.Username, NameOf(request.Action), Encoding.UTF8.GetString(topic), verdict, rule, unsaid);
        }
    }

    internal static string NameOf(TopicAction action) => action switch
    {
        TopicAction.Publish => "publish to",
        TopicAction.Subscribe => "subscribe to",
        _ => "receive",
    };
}
