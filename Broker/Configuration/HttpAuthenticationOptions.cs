namespace Broker.Configuration;

/// <summary>An HTTP service that knows who may connect.</summary>
public sealed class HttpAuthenticationOptions
{
    /// <summary>URL of the service. Default: none, it is not asked.</summary>
    public string? Url { get; set; }

    /// <summary>How it is asked. Default: Post.</summary>
    public HttpAuthenticationMethod Method { get; set; } = HttpAuthenticationMethod.Post;

    /// <summary>Bearer token that the broker proves itself with to the service (Post). Default: none.</summary>
    [Secret]
    public string? BearerToken { get; set; }

    /// <summary>File with that token; the line's end does not count. Default: none.</summary>
    [ValueFormat(ValueFormat.File)]
    [SecretFile]
    public string? BearerTokenFile { get; set; }

    /// <summary>Further request headers by name, like an API key. Default: none.</summary>
    [Secret]
    public Dictionary<string, string> Headers { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Further request headers by name, whose values stand in files; the line's end does not count. Default: none.</summary>
    [ValueFormat(ValueFormat.File)]
    [SecretFile]
    public Dictionary<string, string> HeaderFiles { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Member of the answer that becomes the Username. Default: `username`.</summary>
    public string UsernameMember { get; set; } = "username";

    /// <summary>Longest wait for an answer, in milliseconds. 10 to 60000, default 3000.</summary>
    [AllowedRange(10, 60_000)]
    public int TimeoutMilliseconds { get; set; } = 3000;

    /// <summary>
    /// How often a question is asked again when the service cannot be reached or answers with an error; not when it is slow. 0 to 5, default 1.
    /// </summary>
    [AllowedRange(0, 5)]
    public int Retries { get; set; } = 1;

    /// <summary>How long, in seconds, a client that was let in gets in again without asking. 0 to 86400, default 60.</summary>
    [AllowedRange(0, 86_400)]
    public int CacheSeconds { get; set; } = 60;

    /// <summary>Failures in a row after which the service is not asked for a while. 1 to 1000, default 5.</summary>
    [AllowedRange(1, 1000)]
    public int FailuresBeforePause { get; set; } = 5;

    /// <summary>How long, in seconds, it is not asked then; clients are told to come back later. 1 to 3600, default 10.</summary>
    [AllowedRange(1, 3600)]
    public int PauseSeconds { get; set; } = 10;

    /// <summary>True when there is a service to ask.</summary>
    public bool IsEnabled => Url is not null;
}
