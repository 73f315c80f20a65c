using NUnit.Framework;

namespace Broker.Tests.Conformance;

internal sealed class ConformancePageTests
{
    private const string Rewrite = "BROKER_UPDATE_DOCS";

    private readonly ILookup<StatementId, string> _enforced = SourceTags.Find();
    private readonly ILookup<StatementId, string> _tested = TestedStatements.Find();

    [Test]
    public void The_page_agrees_with_the_sources_and_the_tests()
    {
        string path = Path.Combine(Repository.Root, "docs/conformance.md");
        string fresh = new ConformancePage(_enforced, _tested).Text();
        if (Environment.GetEnvironmentVariable(Rewrite) is not null)
        {
            File.WriteAllText(path, fresh);
            return;
        }

        Assert.That(File.ReadAllText(path), Is.EqualTo(fresh), $"docs/conformance.md is stale; run the tests once with {Rewrite}=1");
    }

    [Test]
    public void Every_statement_is_enforced_and_tested()
    {
        var page = new ConformancePage(_enforced, _tested);
        IEnumerable<string> holes = StatementData.All
            .Where(statement => page.Missing(statement.Id) is not null)
            .Select(statement => $"{statement.Id}: no {page.Missing(statement.Id)}: {statement.Side}: {statement.Rule}");

        Assert.That(string.Join('\n', holes), Is.Empty);
    }

    [Test]
    public void Every_tag_and_every_attribute_names_a_statement()
    {
        HashSet<StatementId> known = [.. StatementData.All.Select(static statement => statement.Id)];
        IEnumerable<string> unknown = _enforced.Concat(_tested).Where(pair => !known.Contains(pair.Key)).Select(static pair => $"{pair.Key}: {pair.First()}");
        IEnumerable<StatementId> rows = StatementData.KeptBy.SelectMany(static pair => pair.Append(pair.Key))
            .Concat(StatementData.NotApplicable.Keys);

        Assert.That(string.Join('\n', unknown.Concat(rows.Where(id => !known.Contains(id)).Select(static id => $"{id}: in Data"))), Is.Empty);
    }

    [Test]
    public void The_lists_are_complete() => Assert.That(
        (StatementData.All.Count(static one => one.Id.Version == StatementId.V311), StatementData.All.Count(static one => one.Id.Version == StatementId.V5)),
        Is.EqualTo((141, 251)));

    [Test]
    public void A_tag_is_placed_by_its_member()
    {
        var file = new Architecture.SourceFile("Core/A.Part.cs", """
            /// <summary>On the type [MQTT-1.1.1-1].</summary>
            internal sealed partial class A
            {
                /// <summary>Above [MQTT-1.1.1-2].</summary>
                private static List<int>? Above(string text) =>
                    text; // [MQTT-1.1.1-3] [MQTT-3.1.1: 9.9.9-9]

                // Before [MQTT-1.1.1-4].
                private A Part() => new()
                {
                    First = 1,
                    Second = 2, // [MQTT-1.1.1-5]
                };
            }
            """);

        Assert.That(
            string.Join(", ", SourceTags.TagsOf(file).Select(static tag => $"{tag.Id} in {tag.Place}")),
            Is.EqualTo("5.0 MQTT-1.1.1-1 in Core/A.Part.cs: A, 5.0 MQTT-1.1.1-2 in Core/A.Part.cs: Above, "
                + "5.0 MQTT-1.1.1-3 in Core/A.Part.cs: Above, 3.1.1 MQTT-9.9.9-9 in Core/A.Part.cs: Above, "
                + "5.0 MQTT-1.1.1-4 in Core/A.Part.cs: Part, 5.0 MQTT-1.1.1-5 in Core/A.Part.cs: Part"));
    }
}
