using System.Text;

namespace Broker.Tests.Conformance;

/// <summary>docs/conformance.md, made from the statements, the tags in the sources and the tests.</summary>
internal sealed class ConformancePage(ILookup<StatementId, string> enforced, ILookup<StatementId, string> tested)
{
    private const string Head = """
        # Conformance

        Every normative statement of MQTT 3.1.1 and 5.0 (the ids of Appendix B of each specification, the rules in our words): where the broker enforces it
        and which tests check it. A test makes this page from the sources and fails when it is stale or has a hole; to bring it up to date, run the tests
        once with `BROKER_UPDATE_DOCS=1`.

        How statements are named, since both versions use the same ids for different rules:

        - In the broker's sources `[MQTT-3.1.2-4]` is a statement of 5.0. A rule of 3.1.1 that 5.0 kept is enforced by the same code; the pairs are in
          `Broker.Tests/Conformance/Data/same-rule.tsv`. What only 3.1.1 says is tagged `[MQTT-3.1.1: 3.8.3-4]`.
        - Tests carry `[Statement("5.0", "MQTT-3.1.2-4")]` or `[Statement("3.1.1", "MQTT-3.1.2-4")]`; a test of both versions carries both. A
          test whose name ends in `_MQTT_3_1_2_4` counts for 5.0.
        - Duties of clients that a server can see broken are tested by breaking them. Those it cannot see are in
          `Broker.Tests/Conformance/Data/not-applicable.tsv` with the reason.


        """;

    /// <summary>Where a statement is enforced: by its own tags, or by those of the statement of 5.0 that kept its rule.</summary>
    public IEnumerable<string> Places(StatementId id) =>
        enforced[id].Concat(StatementData.KeptBy.Where(pair => pair.Contains(id)).SelectMany(pair => enforced[pair.Key])).Distinct();

    /// <summary>What is missing for a statement; null when nothing is.</summary>
    public string? Missing(StatementId id)
    {
        if (StatementData.NotApplicable.ContainsKey(id))
        {
            return null;
        }

        return (Places(id).Any(), tested[id].Any()) switch
        {
            (false, false) => "tag and test",
            (false, true) => "tag",
            (true, false) => "test",
            _ => null,
        };
    }

    public string Text()
    {
        var page = new StringBuilder(Head);
        foreach (IGrouping<string, Statement> version in StatementData.All.GroupBy(static statement => statement.Id.Version))
        {
            page.Append($"## MQTT {version.Key}\n\n");
            foreach (IGrouping<string, Statement> chapter in version.GroupBy(static statement => statement.Chapter))
            {
                page.Append($"### {chapter.Key} ({version.Key})\n\n| statement | rule | enforced in | tested by |\n|---|---|---|---|\n");
                foreach (Statement statement in chapter)
                {
                    page.Append(Row(statement));
                }

                page.Append('\n');
            }
        }

        return page.ToString().TrimEnd('\n') + "\n";
    }

    private string Row(Statement statement)
    {
        string start = $"| {statement.Id.Id} | {statement.Side}: {statement.Rule.Replace("|", "\\|", StringComparison.Ordinal)} | ";
        if (StatementData.NotApplicable.TryGetValue(statement.Id, out string? reason))
        {
            return $"{start}not applicable: {reason} | |\n";
        }

        return $"{start}{Joined(Places(statement.Id))} | {Joined(tested[statement.Id])} |\n";
    }

    private static string Joined(IEnumerable<string> parts) =>
        string.Join("<br>", parts.Order(StringComparer.Ordinal).Select(static part => $"`{part}`"));
}
