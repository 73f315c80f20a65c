namespace Broker.Configuration;

/// <summary>Who may connect.</summary>
public sealed class AuthenticationOptions
{
    /// <summary>Password file, one `user:hash` a line, written by `broker passwd`. Default: none.</summary>
    [ValueFormat(ValueFormat.File)]
    public string? PasswordFile { get; set; }

    /// <summary>JSON Web Tokens. Asked before the password file.</summary>
    public JwtOptions Jwt { get; set; } = new();

    /// <summary>An HTTP service. Asked after tokens and before the password file.</summary>
    public HttpAuthenticationOptions Http { get; set; } = new();

    /// <summary>Who may not connect.</summary>
    public BanOptions Bans { get; set; } = new();

    /// <summary>Clients that connect again and again.</summary>
    public FlappingOptions Flapping { get; set; } = new();

    /// <summary>Failed logins. Counts where something is configured that a Username can be checked against.</summary>
    public ThrottleOptions Throttle { get; set; } = new();

    /// <summary>
    /// Let clients in that give no Username. Default: not set, which means yes on loopback listeners while no authentication is configured, else no.
    /// Set it to true to open listeners beyond loopback without authentication.
    /// </summary>
    public bool? AllowAnonymous { get; set; }

    /// <summary>True when something can tell a known client from a stranger.</summary>
    public bool IsConfigured => PasswordFile is not null || Jwt.IsEnabled || Http.IsEnabled;
}
