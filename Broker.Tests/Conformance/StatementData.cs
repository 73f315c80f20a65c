namespace Broker.Tests.Conformance;

/// <summary>The tables in Data: all statements, which rules are the same in both versions, which bind no server.</summary>
internal static class StatementData
{
    /// <summary>Every statement of both versions, in the order of the specifications.</summary>
    public static IReadOnlyList<Statement> All { get; } =
    [
        .. Rows("mqtt-3.1.1-statements.tsv").Select(static row => Of(StatementId.V311, row)),
        .. Rows("mqtt-5.0-statements.tsv").Select(static row => Of(StatementId.V5, row)),
    ];

    /// <summary>Statements of 3.1.1 by the statement of 5.0 that kept their rule.</summary>
    public static ILookup<StatementId, StatementId> KeptBy { get; } = Rows("same-rule.tsv")
        .ToLookup(static row => new StatementId(StatementId.V5, row[1]), static row => new StatementId(StatementId.V311, row[0]));

    /// <summary>Why a statement binds no server.</summary>
    public static IReadOnlyDictionary<StatementId, string> NotApplicable { get; } = Rows("not-applicable.tsv")
        .ToDictionary(static row => new StatementId(row[0], row[1]), static row => row[2]);

    private static Statement Of(string version, string[] row) => new(new StatementId(version, row[0]), row[1], row[2], row[3]);

    // The first line says what the table is, the second names its columns.
    private static IEnumerable<string[]> Rows(string file) =>
        File.ReadAllLines(Path.Combine(Repository.Root, "Broker.Tests/Conformance/Data", file)).Skip(2).Select(static line => line.Split('\t'));
}
