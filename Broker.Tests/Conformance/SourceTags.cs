using System.Text.RegularExpressions;
using Broker.Tests.Architecture;

namespace Broker.Tests.Conformance;

/// <summary>The tags in the broker's sources: [MQTT-3.1.2-4] for 5.0, [MQTT-3.1.1: 3.8.3-4] for what only 3.1.1 says.</summary>
internal static partial class SourceTags
{
    /// <summary>Where each statement is enforced: file and member, without lines, which every edit would move.</summary>
    public static ILookup<StatementId, string> Find() => SourceTree.Files.SelectMany(TagsOf).Distinct()
        .ToLookup(static tag => tag.Id, static tag => tag.Place);

    /// <summary>The tags of one file, with the members they stand in or above.</summary>
    public static IEnumerable<(StatementId Id, string Place)> TagsOf(SourceFile file)
    {
        string[] lines = file.Text.Split('\n');
        for (int index = 0; index < lines.Length; index++)
        {
            foreach (Match match in Tag().Matches(lines[index]))
            {
                bool old = match.Groups["old"].Success;
                var id = new StatementId(old ? StatementId.V311 : StatementId.V5, "MQTT-" + match.Groups["id"].Value);
                yield return (id, $"{file.Path}: {MemberAt(lines, index) ?? file.Name.Split('.')[0]}");
            }
        }
    }

    // A comment above a member belongs to what follows it, everything else to what it is in.
    private static string? MemberAt(string[] lines, int index)
    {
        bool documents = CommentAboveMember().IsMatch(lines[index]);
        int end = documents ? lines.Length : -1;
        for (int at = index; at != end; at += documents ? 1 : -1)
        {
            Match match = Declaration().Match(lines[at]);
            if (match.Success)
            {
                return match.Groups["name"].Value;
            }
        }

        return null;
    }

    [GeneratedRegex(@"\[MQTT-(?<old>3\.1\.1: )?(?<id>\d+\.\d+\.\d+-\d+)\]")]
    private static partial Regex Tag();

    [GeneratedRegex(@"^\s*(?:(?:public|private|protected|internal)\s[^=({;:]*?(?<name>\w+)\s*(?:<[^>(]*>)?\s*(?:[({=;:]|$)|void [\w.]*\.(?<name>\w+)\(|(?<= {4})(?<! {5})(?<name>[A-Z]\w+)( = \w+)?,\s*$)")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^(?: {4})?//|^\s*///")]
    private static partial Regex CommentAboveMember();
}
