namespace Broker.Storage;

/// <summary>The disk refused what the store asked for: it is full, failing, or gone. What was to be written is tried again later.</summary>
internal sealed class StoreFaultException(string message, Exception? inner = null) : IOException(message, inner);
