using System.Text;
using Broker.Configuration;
using Broker.Core.Retained;
using Broker.Core.Timing;
using Broker.Primitives;
using Broker.Storage;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Core.Retained;

/// <summary>A walk over retained messages meets what its filter matches, also when the tree changes while it rests.</summary>
internal sealed class RetainedCursorTests
{
    private const int Most = 100_000;

    private TimerWheel _wheel = null!;
    private RetainedStore _store = null!;

    [SetUp]
    public void Open()
    {
        var clock = new BrokerClock(new ManualTimeProvider());
        _wheel = new TimerWheel(clock);
        _store = new RetainedStore(clock, _wheel, new MemoryStore(), new RetainedOptions());
    }

    [TearDown]
    public void Close() => _wheel.Dispose();

    [TestCase("#", "a a/b a/b/c /a")]
    [TestCase("a/#", "a a/b a/b/c")]
    [TestCase("+", "a")]
    [TestCase("+/b/#", "a/b a/b/c")]
    [TestCase("/+", "/a")]
    [TestCase("a/+/c", "a/b/c")]
    [TestCase("a/b", "a/b")]
    [TestCase("a/x", "")]
    [TestCase("$SYS/#", "$SYS $SYS/a")]
    [TestCase("$SYS/+", "$SYS/a")]
    public void A_walk_meets_what_its_filter_matches(string filter, string topics)
    {
        Put("a", "a/b", "a/b/c", "/a", "$SYS", "$SYS/a");

        Assert.That(Walk(filter), Is.EquivalentTo(topics.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    [TestCase("a/b", true)]
    [TestCase("a", false)]
    [TestCase("a/b/c", false)]
    [TestCase("x/#", true)]
    public void Only_a_filter_without_wildcards_can_be_told_to_match_nothing_without_a_walk(string filter, bool may)
    {
        Assert.That(_store.MayMatch(TopicFilter.Parse(filter)), Is.False, "nothing is retained");

        Put("a/b");

        Assert.That(_store.MayMatch(TopicFilter.Parse(filter)), Is.EqualTo(may));
    }

    [Test]
    public void A_walk_agrees_with_the_rules_for_any_topics_and_filters([Values(1, 2, 3)] int seed)
    {
        var random = new Random(seed);
        string[] topics = [.. Enumerable.Range(0, 2000).Select(_ => Text(random, ["a", "b", "c", "d", "", "$e"])).Distinct()];
        Put(topics);
        foreach (string filter in Enumerable.Range(0, 100).Select(_ => Text(random, ["a", "b", "", "+", "+", "$e"]) + (random.Next(3) == 0 ? "/#" : "")))
        {
            TopicFilter parsed = TopicFilter.Parse(filter);
            Assert.That(Walk(filter), Is.EquivalentTo(topics.Where(topic => parsed.Matches(Encoding.UTF8.GetBytes(topic)))), filter);
        }
    }

    [Test]
    public void A_walk_that_rests_while_others_come_and_go_misses_none([Values(1, 2, 3)] int seed)
    {
        var random = new Random(seed);
        string[] staying = [.. Enumerable.Range(0, 3000).Select(index => $"a/{index % 50}/{index}")];
        string[] going = [.. Enumerable.Range(0, 3000).Select(index => $"a/{index % 70}/x{index}")];
        foreach (string topic in staying.Concat(going).OrderBy(_ => random.Next()))
        {
            Put(topic);
        }

        var cursor = new RetainedCursor(TopicFilter.Parse("a/+/#"));
        List<RetainedNode> met = [];
        for (int rest = 0; _store.Read(cursor, met) && rest < Most; rest++)
        {
            foreach (string topic in random.GetItems(going, 50))
            {
                Put(topic, random.Next(3) == 0 ? "again" : "");
            }
        }

        Assert.That(cursor.IsDone);
        Assert.That(staying.Except(Topics(met)), Is.Empty);
    }

    [Test]
    public void A_read_is_bounded_however_little_it_finds()
    {
        for (int index = 0; index < 5000; index++)
        {
            Put($"a/{index}");
        }

        var cursor = new RetainedCursor(TopicFilter.Parse("+/+/x"));
        List<RetainedNode> met = [];
        int reads = 1;
        for (; _store.Read(cursor, met) && reads < Most; reads++)
        {
        }

        Assert.That((met.Count, reads), Is.EqualTo((0, 20)).Within(5));
    }

    private static string Text(Random random, string[] levels) => string.Join('/', random.GetItems(levels, random.Next(1, 6))) is { Length: > 0 } text ? text : "a";

    private static IEnumerable<string> Topics(IEnumerable<RetainedNode> nodes) =>
        nodes.Where(static node => node.Message is not null).Select(static node => Encoding.UTF8.GetString(node.Message!.Topic.Span));

    private void Put(params string[] topics) => Array.ForEach(topics, topic => Put(topic, "x"));

    private void Put(string topic, string payload) =>
        _store.Put(new Message { Topic = Encoding.UTF8.GetBytes(topic), Payload = Encoding.UTF8.GetBytes(payload) }, isDurable: false);

    private IEnumerable<string> Walk(string filter)
    {
        var cursor = new RetainedCursor(TopicFilter.Parse(filter));
        List<RetainedNode> met = [];
        while (_store.Read(cursor, met) && met.Count < Most)
        {
        }

        return Topics(met);
    }
}
