using System.Net;

namespace Broker.Transports;

/// <summary>Access rules `allow|deny CIDR|all` of a listener: the first match decides, no match allows.</summary>
internal sealed class AccessRules
{
    private readonly List<Rule> _rules = [];

    private AccessRules()
    {
    }

    /// <exception cref="FormatException">A rule cannot be read.</exception>
    public static AccessRules Parse(IReadOnlyList<string> rules)
    {
        var parsed = new AccessRules();
        foreach (string rule in rules)
        {
            parsed._rules.Add(ParseRule(rule));
        }
        return parsed;
    }

    public bool Allows(IPAddress address)
    {
        foreach (Rule rule in _rules)
        {
            if (rule.Network is not { } network || network.Contains(address))
            {
                return rule.Allow;
            }
        }
        return true;
    }

    private static Rule ParseRule(string text)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        bool allow = words is ["allow", _];
        if (!allow && words is not ["deny", _])
        {
            throw new FormatException($"access rule '{text}' is not `allow|deny CIDR|all`");
        }
        if (words[1] == "all")
        {
            return new Rule(allow, null);
        }
        return AddressRanges.TryParseRange(words[1], out IPNetwork? network)
            ? new Rule(allow, network)
            : throw new FormatException($"access rule '{text}': '{words[1]}' is not an IP address or CIDR");
    }

    private readonly record struct Rule(bool Allow, IPNetwork? Network);
}
