using System.Net;

namespace Broker.Configuration.Validation;

/// <summary>How access rules and networks are written.</summary>
internal static class AccessRuleSyntax
{
    /// <summary>True for `allow|deny CIDR|all`.</summary>
    public static bool IsRule(string text)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words is ["allow" or "deny", var whom] && (whom == "all" || IsNetwork(whom));
    }

    /// <summary>True for an address or a CIDR; bits below the prefix may be set.</summary>
    public static bool IsNetwork(string text) => IPAddress.TryParse(text, out _) || IPNetwork.TryParse(text, out _);
}
