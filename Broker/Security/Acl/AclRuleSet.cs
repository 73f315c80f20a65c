using System.Runtime.CompilerServices;
using Broker.Core.Ports;
using Broker.Core.Sessions;
using Broker.Primitives;

namespace Broker.Security.Acl;

/// <summary>
/// Compiled rules; never changed, replaced as a whole. Rules for everybody stand in a tree; those that name a user or a client, or contain
/// placeholders, are picked and filled in once for each client.
/// </summary>
internal sealed class AclRuleSet
{
    // What is looked at for one filter. A client may ask for thousands.
    [ThreadStatic]
    private static List<AclRule>? t_near;

    [ThreadStatic]
    private static List<AclOwnRule>? t_candidates;

    private readonly AclTree _common = new();
    private readonly Dictionary<string, List<AclRule>> _byUser = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<AclRule>> _byClient = new(StringComparer.Ordinal);
    private readonly List<AclRule> _filledIn = [];
    private readonly ConditionalWeakTable<ClientIdentity, AclOwnRule[]> _own = [];
    private readonly ConditionalWeakTable<ClientIdentity, AclOwnRule[]>.CreateValueCallback _pick;

    /// <param name="rules">Rules in the order of their <see cref="AclRule.Order"/>.</param>
    public AclRuleSet(IReadOnlyList<AclRule> rules)
    {
        Rules = rules;
        HasShadowRules = rules.Any(rule => rule.IsShadow);
        HasEnforcedRules = rules.Any(rule => !rule.IsShadow);
        HasReceiveRules = rules.Any(rule => rule.Actions == AclActions.Receive);
        _pick = Pick;
        foreach (AclRule rule in rules)
        {
            Add(rule);
        }
    }

    /// <summary>No rules: everything is allowed.</summary>
    public static AclRuleSet Empty { get; } = new([]);

    /// <summary>All rules in order.</summary>
    public IReadOnlyList<AclRule> Rules { get; }

    /// <summary>True when a rule is evaluated without being enforced.</summary>
    public bool HasShadowRules { get; }

    /// <summary>True when a rule is enforced, and with it the default: what no rule allows is denied.</summary>
    public bool HasEnforcedRules { get; }

    /// <summary>True when a rule is about what is delivered.</summary>
    public bool HasReceiveRules { get; }

    /// <summary>Decides on a Topic Name for a publish or a delivery, on a Topic Filter for a subscription.</summary>
    public AclDecision Decide(in AclRequest request, ReadOnlySpan<byte> topic)
    {
        if (request.Client.Protocol == ClientProtocol.Internal)
        {
            return new AclDecision(true, null);
        }

        AclOwnRule[] own = _own.GetValue(request.Client, _pick);
        AclRule? rule = request.Action == TopicAction.Subscribe ? FirstForFilter(request, topic, own) : FirstForTopic(request, topic, own);
        return new AclDecision(rule?.Allows ?? !IsRestricted(request), rule);
    }

    /// <summary>True when what no rule allows is denied to this client. What its subscription matches was granted by that already.</summary>
    public bool IsRestricted(in AclRequest request) =>
        request.Action != TopicAction.Receive
        && (HasEnforcedRules || request.Client.Grants is { Rules: not null } || (request.WithShadow && HasShadowRules));

    private void Add(AclRule rule)
    {
        if (rule.Who.ClientId is { } clientId)
        {
            ListOf(_byClient, clientId).Add(rule);
        }
        else if (rule.Who.User is { } user)
        {
            ListOf(_byUser, user).Add(rule);
        }
        else if (rule.Pattern.Filter is { } filter)
        {
            _common.Add(rule, filter);
        }
        else
        {
            _filledIn.Add(rule);
        }
    }

    private static List<AclRule> ListOf(Dictionary<string, List<AclRule>> index, string key)
    {
        if (!index.TryGetValue(key, out List<AclRule>? rules))
        {
            index.Add(key, rules = []);
        }

        return rules;
    }

    private AclOwnRule[] Pick(ClientIdentity client)
    {
        IEnumerable<AclRule> rules = _filledIn;
        if (_byClient.TryGetValue(client.ClientId, out List<AclRule>? ofClient))
        {
            rules = rules.Concat(ofClient);
        }

        if (client.Username is { } user && _byUser.TryGetValue(user, out List<AclRule>? ofUser))
        {
            rules = rules.Concat(ofUser);
        }

        rules = rules.Concat(CarriedRules.Of(client.Grants));
        List<AclOwnRule> own = [];
        foreach (AclRule rule in rules.Where(rule => rule.Who.Includes(client)).OrderBy(rule => rule.Order))
        {
            if (rule.Pattern.For(client, rule.Allows) is { } filter)
            {
                own.Add(new AclOwnRule(rule, filter));
            }
        }

        return own.Count == 0 ? [] : [.. own];
    }

    private AclRule? FirstForTopic(in AclRequest request, ReadOnlySpan<byte> topic, AclOwnRule[] own)
    {
        AclRule? best = null;
        foreach (AclOwnRule candidate in own)
        {
            if (candidate.Rule.AppliesTo(request) && TopicFilter.Matches(candidate.Filter, topic))
            {
                best = candidate.Rule;
                break;
            }
        }

        return _common.First(topic, request, best);
    }

    // A filter is allowed when each topic it could match is: an allow rule that covers it must come before every deny rule that overlaps it.
    private AclRule? FirstForFilter(in AclRequest request, ReadOnlySpan<byte> filter, AclOwnRule[] own)
    {
        List<AclRule> near = t_near ??= [];
        List<AclOwnRule> candidates = t_candidates ??= [];
        near.Clear();
        candidates.Clear();
        _common.CollectNear(filter, near);
        candidates.AddRange(own);
        foreach (AclRule rule in near)
        {
            if (rule.Who.Includes(request.Client))
            {
                candidates.Add(new AclOwnRule(rule, rule.Pattern.Filter!));
            }
        }

        candidates.Sort(static (a, b) => a.Rule.Order.CompareTo(b.Rule.Order));
        foreach (AclOwnRule candidate in candidates)
        {
            bool decides = candidate.Rule.AppliesTo(request)
                && (candidate.Rule.Allows ? FilterSet.Covers(candidate.Filter, filter) : FilterSet.Overlap(candidate.Filter, filter));
            if (decides)
            {
                return candidate.Rule;
            }
        }

        return null;
    }
}
