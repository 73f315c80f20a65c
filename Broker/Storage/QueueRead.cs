using Broker.Core.Ports;

namespace Broker.Storage;

/// <summary>A question for queued messages that waits for the mover.</summary>
/// <param name="Session">Key of the session.</param>
/// <param name="After">Only sequences above this one.</param>
/// <param name="Count">At most so many.</param>
/// <param name="Position">What must have been moved before.</param>
/// <param name="Receive">Who gets them.</param>
internal sealed record QueueRead(long Session, long After, int Count, long Position, Action<IReadOnlyList<StoredMessage>> Receive);
