using Broker.Primitives;

namespace Broker.Core.Ports;

/// <summary>A queued message as it was stored.</summary>
/// <param name="Sequence">Its place in the session's queue.</param>
/// <param name="Message">The message.</param>
/// <param name="Qos">QoS of the delivery.</param>
/// <param name="Retain">RETAIN flag of the delivery.</param>
/// <param name="Identifiers">Subscription Identifiers.</param>
/// <param name="Group">Full filter (`$share/name/filter`) of the shared group that chose the session; null for a subscription of its own.</param>
internal readonly record struct StoredMessage(long Sequence, Message Message, Qos Qos, bool Retain, uint[] Identifiers, TopicFilter? Group);
