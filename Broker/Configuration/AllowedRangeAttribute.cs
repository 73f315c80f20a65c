namespace Broker.Configuration;

/// <summary>Smallest and largest value of an option: what the validator enforces and what the reference prints.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AllowedRangeAttribute(long minimum, long maximum) : Attribute
{
    public long Minimum { get; } = minimum;

    public long Maximum { get; } = maximum;

    /// <summary>What zero stands for where it lies outside the range but is allowed; null when it is not.</summary>
    public string? ZeroMeans { get; init; }

    public bool Contains(long value) => (value >= Minimum && value <= Maximum) || (value == 0 && ZeroMeans is not null);

    public override string ToString() => ZeroMeans is null ? $"{Minimum} to {Maximum}" : $"{Minimum} to {Maximum}, or 0 = {ZeroMeans}";
}
