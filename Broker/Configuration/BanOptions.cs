namespace Broker.Configuration;

/// <summary>Who may not connect, whatever they prove.</summary>
public sealed class BanOptions
{
    /// <summary>ClientIds. Default: none.</summary>
    public List<string> ClientIds { get; set; } = [];

    /// <summary>Usernames, given or proved. Default: none.</summary>
    public List<string> Users { get; set; } = [];

    /// <summary>Addresses and CIDRs. Default: none.</summary>
    [ValueFormat(ValueFormat.Network)]
    public List<string> Networks { get; set; } = [];

    /// <summary>Bans with an end and a reason. Default: none.</summary>
    public List<BanEntryOptions> Entries { get; set; } = [];
}
