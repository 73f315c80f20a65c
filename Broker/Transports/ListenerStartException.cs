namespace Broker.Transports;

/// <summary>A listener cannot be opened; the message is one line that says why and what to do.</summary>
internal sealed class ListenerStartException(string message, Exception? cause = null) : Exception(message, cause);
