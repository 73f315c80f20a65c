using System.Text;
using Broker.Primitives;
using Broker.Security.Acl;
using Broker.Tests.Conformance;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Broker.Tests.Security.Acl;

public sealed class FilterSetTests
{
    private static readonly string[] Names = ["a", "b", ""];

    // One name more than filters have, one level more than the deepest filter: whatever tells two filters apart is among these topics.
    private static readonly byte[][] Topics = [.. TopicsUpTo(4).Where(topic => topic.Length > 0).Select(Encoding.UTF8.GetBytes)];

    [FsCheck.NUnit.Property(MaxTest = 1000)]
    public Property Overlap_and_Covers_agree_with_brute_force() => Prop.ForAll(Pairs(), pair =>
    {
        byte[] a = Encoding.UTF8.GetBytes(pair.A);
        byte[] b = Encoding.UTF8.GetBytes(pair.B);
        bool overlap = Topics.Any(topic => TopicFilter.Matches(a, topic) && TopicFilter.Matches(b, topic));
        bool covers = Topics.Where(topic => TopicFilter.Matches(b, topic)).All(topic => TopicFilter.Matches(a, topic));
        return (FilterSet.Overlap(a, b) == overlap).Label($"overlap of {pair} is {overlap}")
            .And((FilterSet.Covers(a, b) == covers).Label($"{pair.A} covers {pair.B} is {covers}"));
    });

    [TestCase("#", "a/b", ExpectedResult = true)]
    [TestCase("+/#", "#", ExpectedResult = true)]
    [TestCase("a/#", "a", ExpectedResult = true)]
    [TestCase("a/+/#", "a/#", ExpectedResult = false)]
    [TestCase("#", "$SYS/x", ExpectedResult = false)]
    [TestCase("$SYS/#", "$SYS/+", ExpectedResult = true)]
    [Statement("3.1.1", "MQTT-4.7.2-1")]
    [Statement("5.0", "MQTT-4.7.2-1")]
    public bool Covers(string outer, string inner) => FilterSet.Covers(Encoding.UTF8.GetBytes(outer), Encoding.UTF8.GetBytes(inner));

    private static Arbitrary<(string A, string B)> Pairs()
    {
        Gen<string> name = Gen.Elements("a", "b", "", "+", "$x");
        Gen<string> filter =
            from levels in Gen.Choose(0, 3).SelectMany(count => name.ArrayOf(count))
            from tail in Gen.Elements(true, false)
            select string.Join('/', tail || levels.Length == 0 ? [.. levels, "#"] : levels);
        return (from a in filter.Where(text => text.Length > 0) from b in filter.Where(text => text.Length > 0) select (a, b)).ToArbitrary();
    }

    private static List<string> TopicsUpTo(int depth)
    {
        IEnumerable<string> level = [.. Names, "z", "$x"];
        List<string> all = [.. level];
        for (int i = 1; i < depth; i++)
        {
            level = [.. level.SelectMany(topic => (string[])[.. Names.Select(name => $"{topic}/{name}"), $"{topic}/z", $"{topic}/$x"])];
            all.AddRange(level);
        }

        return all;
    }
}
