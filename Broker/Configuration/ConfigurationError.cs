namespace Broker.Configuration;

/// <summary>One mistake in the configuration, in terms of what the operator wrote.</summary>
/// <param name="Source">Where it was written: file and line, environment, command line.</param>
/// <param name="Key">Key as written there.</param>
/// <param name="Value">The value, secrets masked; null when the key itself is the mistake.</param>
/// <param name="Reason">What is wrong.</param>
/// <param name="Advice">What would be right; null when the reason says it.</param>
internal sealed record ConfigurationError(string Source, string Key, string? Value, string Reason, string? Advice = null)
{
    public override string ToString() =>
        $"{Source}: {Key}{(Value is null ? "" : $" = '{Value}'")}: {Reason}{(Advice is null ? "" : $"; {Advice}")}";
}
