namespace Broker.Configuration;

/// <summary>One ban with an end: a ClientId, a Username or a network.</summary>
public sealed class BanEntryOptions
{
    /// <summary>ClientId. Default: none.</summary>
    public string? ClientId { get; set; }

    /// <summary>Username, given or proved. Default: none.</summary>
    public string? User { get; set; }

    /// <summary>Address or CIDR. Default: none.</summary>
    [ValueFormat(ValueFormat.Network)]
    public string? Network { get; set; }

    /// <summary>When the ban ends, such as `2026-12-31T23:59:59Z`. Default: none, never.</summary>
    [ValueFormat(ValueFormat.Timestamp)]
    public string? Until { get; set; }

    /// <summary>Why, for operators. Default: none.</summary>
    public string? Reason { get; set; }
}
