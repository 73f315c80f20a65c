namespace Broker.Configuration.Loading;

/// <summary>One value from one source.</summary>
/// <param name="Path">Full path with colons, root section included.</param>
/// <param name="Value">The text.</param>
/// <param name="Source">Where it was written, as errors name it.</param>
/// <param name="WrittenKey">The key as it was written there.</param>
internal sealed record ConfigurationEntry(string Path, string Value, string Source, string WrittenKey);
