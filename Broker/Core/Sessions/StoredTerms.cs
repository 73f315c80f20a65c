using Broker.Core.Topics;
using Broker.Primitives;

namespace Broker.Core.Sessions;

/// <summary>The terms of a delivery that a session remembers with the message.</summary>
/// <param name="Qos">QoS of the delivery.</param>
/// <param name="Retain">RETAIN flag of the delivery.</param>
/// <param name="Identifiers">Subscription Identifiers.</param>
/// <param name="Group">The shared group that chose this session; null for a subscription of its own.</param>
internal readonly record struct StoredTerms(Qos Qos, bool Retain, uint[] Identifiers, SharedGroup? Group = null);
