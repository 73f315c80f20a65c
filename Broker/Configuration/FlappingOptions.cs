namespace Broker.Configuration;

/// <summary>Clients that connect again and again, which costs the broker more than they are worth: their ClientId is banned for a while.</summary>
public sealed class FlappingOptions
{
    /// <summary>Logins of a ClientId within the window that are too many. 2 to 100000, default 0. Only logins that succeed count, so that nobody can have another's ClientId banned.</summary>
    [AllowedRange(2, 100_000, ZeroMeans = "off")]
    public int Connects { get; set; }

    /// <summary>The window, in seconds. 1 to 86400, default 60.</summary>
    [AllowedRange(1, 86_400)]
    public int WindowSeconds { get; set; } = 60;

    /// <summary>How long the ClientId is banned, in seconds. 1 to 2592000, default 300.</summary>
    [AllowedRange(1, 2_592_000)]
    public int BanSeconds { get; set; } = 300;
}
