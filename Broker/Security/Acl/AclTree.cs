using Broker.Primitives;

namespace Broker.Security.Acl;

/// <summary>Rules by their topic filter, so that what a publish costs does not grow with the number of rules.</summary>
internal sealed class AclTree
{
    private readonly AclNode _root = new();

    /// <summary>Adds a rule; rules come in their order.</summary>
    public void Add(AclRule rule, ReadOnlySpan<byte> filter)
    {
        AclNode node = _root;
        while (true)
        {
            ReadOnlySpan<byte> level = NextLevel(ref filter, out bool last);
            if (level is [(byte)'#'])
            {
                node.RulesBelow.Add(rule);
                return;
            }

            node = node.GetOrAdd(level);
            if (last)
            {
                node.Rules.Add(rule);
                return;
            }
        }
    }

    /// <summary>The first rule for a publish to a Topic Name; <paramref name="best"/> where none comes before it.</summary>
    public AclRule? First(ReadOnlySpan<byte> topic, in AclRequest request, AclRule? best)
    {
        if (TopicName.IsReserved(topic))
        {
            // [MQTT-4.7.2-1]: no wildcard at the first level
            ReadOnlySpan<byte> level = NextLevel(ref topic, out bool last);
            return _root.Find(level) is { } node ? First(node, topic, last, request, best) : best;
        }

        return First(_root, topic, ended: false, request, best);
    }

    /// <summary>All rules that may have a topic in common with a Topic Filter, and some more, in no order.</summary>
    public void CollectNear(ReadOnlySpan<byte> filter, List<AclRule> rules) => CollectNear(_root, filter, ended: false, rules);

    private static AclRule? First(AclNode node, ReadOnlySpan<byte> rest, bool ended, in AclRequest request, AclRule? best)
    {
        best = First(node.RulesBelow, request, best);
        if (ended)
        {
            return First(node.Rules, request, best);
        }

        ReadOnlySpan<byte> level = NextLevel(ref rest, out bool last);
        if (node.Find(level) is { } child)
        {
            best = First(child, rest, last, request, best);
        }

        return node.Any is null ? best : First(node.Any, rest, last, request, best);
    }

    private static AclRule? First(List<AclRule> rules, in AclRequest request, AclRule? best)
    {
        foreach (AclRule rule in rules)
        {
            if (best is not null && best.Order < rule.Order)
            {
                break;
            }

            if (rule.AppliesTo(request) && rule.Who.Includes(request.Client))
            {
                return rule;
            }
        }

        return best;
    }

    private static void CollectNear(AclNode node, ReadOnlySpan<byte> rest, bool ended, List<AclRule> rules)
    {
        rules.AddRange(node.RulesBelow);
        if (ended)
        {
            rules.AddRange(node.Rules);
            return;
        }

        ReadOnlySpan<byte> level = NextLevel(ref rest, out bool last);
        if (level is [(byte)'#'])
        {
            CollectAll(node, rules);
            return;
        }

        if (level is [(byte)'+'])
        {
            foreach (AclNode each in node.Children)
            {
                CollectNear(each, rest, last, rules);
            }

            return;
        }

        if (node.Find(level) is { } child)
        {
            CollectNear(child, rest, last, rules);
        }

        if (node.Any is not null)
        {
            CollectNear(node.Any, rest, last, rules);
        }
    }

    // The node's own RulesBelow are in the list already.
    private static void CollectAll(AclNode node, List<AclRule> rules)
    {
        rules.AddRange(node.Rules);
        foreach (AclNode child in node.Children)
        {
            rules.AddRange(child.RulesBelow);
            CollectAll(child, rules);
        }
    }

    private static ReadOnlySpan<byte> NextLevel(ref ReadOnlySpan<byte> rest, out bool last)
    {
        int slash = rest.IndexOf((byte)'/');
        last = slash < 0;
        ReadOnlySpan<byte> level = last ? rest : rest[..slash];
        rest = last ? default : rest[(slash + 1)..];
        return level;
    }
}
