using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Broker.Configuration;

/// <summary>One access rule of a listener: `allow|deny CIDR|all`. A single address counts as its own network.</summary>
/// <param name="Allow">Allow or deny.</param>
/// <param name="Network">Whom the rule is about; null = all.</param>
internal sealed record AccessRule(bool Allow, IPNetwork? Network)
{
    public static bool TryParse(string text, [NotNullWhen(true)] out AccessRule? rule)
    {
        rule = null;
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length != 2 || !TryParseVerb(words[0], out bool allow))
        {
            return false;
        }

        if (words[1].Equals("all", StringComparison.OrdinalIgnoreCase))
        {
            rule = new AccessRule(allow, null);
        }
        else if (TryParseNetwork(words[1], out IPNetwork network))
        {
            rule = new AccessRule(allow, network);
        }

        return rule is not null;
    }

    /// <summary>Reads a CIDR without host bits, or a single address.</summary>
    public static bool TryParseNetwork(string text, out IPNetwork network)
    {
        if (text.Contains('/', StringComparison.Ordinal))
        {
            return IPNetwork.TryParse(text, out network);
        }

        bool isAddress = IPAddress.TryParse(text, out IPAddress? address);
        network = isAddress ? new IPNetwork(address!, address!.GetAddressBytes().Length * 8) : default;
        return isAddress;
    }

    /// <summary>True when the rule is about <paramref name="address"/>; IPv4 seen through an IPv6 socket counts as IPv4.</summary>
    public bool Matches(IPAddress address) =>
        Network is not { } network || network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    private static bool TryParseVerb(string word, out bool allow)
    {
        allow = word.Equals("allow", StringComparison.OrdinalIgnoreCase);
        return allow || word.Equals("deny", StringComparison.OrdinalIgnoreCase);
    }
}
