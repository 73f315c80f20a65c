using Broker.Configuration;

namespace Broker.Core.Ports;

/// <summary>Answer of an <see cref="IAuthenticator"/>.</summary>
/// <param name="Outcome">The decision.</param>
/// <param name="Reason">Short text for the client and the log; no secrets.</param>
/// <param name="Username">The name the client is known by from now on; null keeps the one it gave.</param>
public sealed record AuthenticationResult(AuthenticationOutcome Outcome, string? Reason = null, string? Username = null)
{
    /// <summary>Server Reference: which server to use instead, such as `other.example.net:1883`; null for none.</summary>
    public string? ServerReference { get; init; }

    /// <summary>When the client has to prove itself again: its connection ends then. Null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Limits of this client, before all configured ones; null, or a member that is null, for those of its listener.</summary>
    public ClientLimits? Limits { get; init; }

    /// <summary>Access rules and claims of this client; null for none.</summary>
    public ClientGrants? Grants { get; init; }

    /// <summary>Accepted under the name that the client gave.</summary>
    public static AuthenticationResult Accepted { get; } = new(AuthenticationOutcome.Accepted);

    /// <summary>No opinion.</summary>
    public static AuthenticationResult Ignored { get; } = new(AuthenticationOutcome.Ignored);

    /// <summary>Unknown user or wrong password.</summary>
    public static AuthenticationResult BadCredentials { get; } = new(AuthenticationOutcome.BadCredentials, "bad username or password");
}
