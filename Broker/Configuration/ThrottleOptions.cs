namespace Broker.Configuration;

/// <summary>What happens to addresses and users whose logins fail again and again.</summary>
public sealed class ThrottleOptions
{
    /// <summary>Failed logins of an address or a user in a row before the next ones have to wait; 0 for no limit. 0 to 10000, default 10.</summary>
    [AllowedRange(0, 10_000)]
    public int FailuresBeforeDelay { get; set; } = 10;

    /// <summary>Longest wait, in seconds; it begins with one second and doubles with each further failure. 1 to 86400, default 300.</summary>
    [AllowedRange(1, 86_400)]
    public int MaximumDelaySeconds { get; set; } = 300;
}
