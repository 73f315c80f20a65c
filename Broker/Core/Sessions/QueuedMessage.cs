using Broker.Primitives;

namespace Broker.Core.Sessions;

/// <summary>A message that waits in a session's queue, with the terms of its delivery.</summary>
/// <param name="Message">The message.</param>
/// <param name="Terms">How it is delivered.</param>
/// <param name="Sequence">Its place in a session that outlives the process; 0 in others, and at QoS 0.</param>
/// <param name="IsStored">True when the store has it.</param>
/// <param name="SendAfter">Position that has to be on disk before it is sent: a QoS 2 message that the client had before the disk could come twice after a crash.</param>
internal readonly record struct QueuedMessage(Message Message, StoredTerms Terms, long Sequence = 0, bool IsStored = false, long SendAfter = 0);
