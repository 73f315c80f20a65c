using Broker.Core.Topics;
using Broker.Primitives;

namespace Broker.Core.Ports;

/// <summary>A subscription as it was stored.</summary>
/// <param name="Filter">Topic Filter.</param>
/// <param name="Options">Subscription Options.</param>
/// <param name="Identifier">Subscription Identifier; 0 for none.</param>
internal readonly record struct StoredSubscription(TopicFilter Filter, SubscriptionOptions Options, uint Identifier);
