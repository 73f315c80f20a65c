namespace Broker.Storage.Export;

/// <summary>A file to import is not one, or a line of it is wrong.</summary>
/// <param name="line">Number of the line, from 1.</param>
/// <param name="what">What is wrong.</param>
internal sealed class ImportException(long line, string what) : Exception($"line {line}: {what}");
