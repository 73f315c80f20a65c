namespace Broker.Admin;

/// <summary>Body of `POST /bans`.</summary>
internal sealed class BanRequest
{
    /// <summary>`clientid`, `user` or `network`.</summary>
    public string? Kind { get; set; }

    /// <summary>ClientId, Username, address or CIDR.</summary>
    public string? Value { get; set; }

    /// <summary>Seconds from now; null for as long as the broker runs.</summary>
    public int? Seconds { get; set; }

    /// <summary>Why, for operators.</summary>
    public string? Reason { get; set; }
}
