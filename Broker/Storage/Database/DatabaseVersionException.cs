namespace Broker.Storage.Database;

/// <summary>The file is a database, but not one that this version of the broker can use.</summary>
internal sealed class DatabaseVersionException(string message) : IOException(message);
