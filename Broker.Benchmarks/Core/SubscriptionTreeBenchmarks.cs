using BenchmarkDotNet.Attributes;
using Broker.Benchmarks.EndToEnd;
using Broker.Configuration;
using Broker.Core;
using Broker.Core.Routing;
using Broker.Core.Topics;

namespace Broker.Benchmarks.Core;

/// <summary>Finding the receivers of a topic beside subscriptions that do not match: it must cost the same whatever their number.</summary>
[MemoryDiagnoser]
public class SubscriptionTreeBenchmarks
{
    private readonly SubscriptionTree _tree = new();
    private MessageBroker _broker = null!;
    private RouteCache _cache = null!;

    [Params(100, 100_000, 1_000_000)]
    public int Foreign { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _broker = BenchmarkBroker.Create();
        SubscriptionForest.Grow(_tree, _broker, Foreign);
        _cache = new RouteCache(_tree, new DurabilityRules(new StorageOptions()));
    }

    [GlobalCleanup]
    public void Cleanup() => _broker.Dispose();

    /// <summary>The tree alone.</summary>
    [Benchmark]
    public void Match() => _tree.Match(SubscriptionForest.Topic, RouteBuilder.ForThread());

    /// <summary>The tree, and a route made of what it finds: what the first publish after a SUBSCRIBE costs.</summary>
    [Benchmark]
    public object MatchAndBuild()
    {
        var builder = RouteBuilder.ForThread();
        _tree.Match(SubscriptionForest.Topic, builder);
        return builder.Build(SubscriptionForest.Topic, _tree.Version, Durability.Sync);
    }

    /// <summary>The same topic again.</summary>
    [Benchmark]
    public object CacheHit() => _cache.Find(SubscriptionForest.Topic);
}
