using Broker.Primitives;

namespace Broker.Core.Sessions;

/// <summary>A message that waits in a session's queue, with the terms of its delivery.</summary>
/// <param name="Message">The message.</param>
/// <param name="Qos">QoS of the delivery.</param>
/// <param name="Retain">RETAIN flag of the delivery.</param>
/// <param name="Identifiers">Subscription Identifiers.</param>
internal readonly record struct QueuedMessage(Message Message, Qos Qos, bool Retain, uint[] Identifiers);
