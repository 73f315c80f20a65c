using Broker.Primitives;

namespace Broker.Core.Sessions;

/// <summary>A message that waits in a session's queue, with the terms of its delivery.</summary>
/// <param name="Message">The message.</param>
/// <param name="Terms">How it is delivered.</param>
internal readonly record struct QueuedMessage(Message Message, StoredTerms Terms);
