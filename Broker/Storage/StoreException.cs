namespace Broker.Storage;

/// <summary>The store cannot be opened; the message is one line that says what to do.</summary>
internal sealed class StoreException(string message, Exception? inner = null) : Exception(message, inner);
