using System.Text.Json;
using Broker.Core.Ports;

namespace Broker.Security.Acl;

/// <summary>The access rules that a client brings along in its token, or that the service which let it in has given it.</summary>
internal static class CarriedRules
{
    /// <summary>Most rules of one client: each is looked at for every publish.</summary>
    public const int Maximum = 256;

    /// <summary>Reads an array of rules.</summary>
    /// <exception cref="AclSyntaxException">It is none, or one of them is no rule: the one that cannot be read may be the one that denies.</exception>
    public static IReadOnlyList<string> Read(JsonElement rules)
    {
        if (rules.ValueKind != JsonValueKind.Array || rules.GetArrayLength() > Maximum)
        {
            throw new AclSyntaxException($"not an array of {Maximum} rules at most");
        }

        string[] lines = [.. rules.EnumerateArray().Select(static rule =>
            rule.ValueKind == JsonValueKind.String ? rule.GetString()! : throw new AclSyntaxException("a rule is not a text"))];
        foreach (AclRule rule in Parse(lines))
        {
            if (rule.IsShadow || rule.Actions == AclActions.Receive)
            {
                throw new AclSyntaxException("a client's own rule is neither a shadow rule nor about receive");
            }
        }

        return lines;
    }

    /// <summary>The rules of a client, which come before those of the file.</summary>
    public static IEnumerable<AclRule> Of(ClientGrants? grants) => grants?.Rules is { } rules ? Parse(rules) : [];

    private static IEnumerable<AclRule> Parse(IReadOnlyList<string> lines) =>
        lines.Select((line, i) => AclLineReader.Read(line, AclRule.NoLine, order: i - lines.Count));
}
