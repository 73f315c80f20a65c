namespace Broker.Configuration;

/// <summary>JSON Web Tokens as credentials. One source of keys switches them on: a secret, a public key or a JWKS.</summary>
public sealed class JwtOptions
{
    /// <summary>Secret that tokens are signed with (HS256, HS384, HS512), at least 32 bytes. Default: none.</summary>
    [Secret]
    public string? Secret { get; set; }

    /// <summary>File with that secret; the line's end does not count. Default: none.</summary>
    [ValueFormat(ValueFormat.File)]
    [SecretFile]
    public string? SecretFile { get; set; }

    /// <summary>PEM file with the public key or certificate that tokens are verified with. Default: none.</summary>
    [ValueFormat(ValueFormat.File)]
    public string? PublicKeyFile { get; set; }

    /// <summary>JWKS file with such keys. Default: none.</summary>
    [ValueFormat(ValueFormat.File)]
    public string? JwksFile { get; set; }

    /// <summary>URL of such a JWKS, `https`, or `http` on a trusted network. Default: none.</summary>
    public string? JwksUrl { get; set; }

    /// <summary>How long, in seconds, keys from <see cref="JwksUrl"/> are used before they are fetched again. 10 to 86400, default 600.</summary>
    [AllowedRange(10, 86_400)]
    public int JwksRefreshSeconds { get; set; } = 600;

    /// <summary>Allowed algorithms, of HS, RS, ES and PS with 256, 384 and 512. Default: the HS ones with a secret, else the RS, ES and PS ones.</summary>
    public List<string> Algorithms { get; set; } = [];

    /// <summary>Where the token is. A client whose value there is no token is left to the other ways to log in. Default: Password.</summary>
    public JwtTokenPlace TokenIn { get; set; } = JwtTokenPlace.Password;

    /// <summary>Issuer that tokens must name. Default: none, it is not checked.</summary>
    public string? Issuer { get; set; }

    /// <summary>Audience that tokens must name. Default: none, it is not checked.</summary>
    public string? Audience { get; set; }

    /// <summary>Difference of clocks, in seconds, that is put up with. 0 to 3600, default 30.</summary>
    [AllowedRange(0, 3600)]
    public int ClockSkewSeconds { get; set; } = 30;

    /// <summary>Claim that becomes the Username. Default: `sub`.</summary>
    public string UsernameClaim { get; set; } = "sub";

    /// <summary>Claims that a token must have, with their values; `%c` is the ClientId, `%u` the Username that the client gave. Default: none.</summary>
    public Dictionary<string, string> Claims { get; set; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Claim that holds the client's own access rules, an array of texts (docs/acl.md); `app_metadata.acl` finds one inside another. Default: `acl`;
    /// empty for none.
    /// </summary>
    public string AclClaim { get; set; } = "acl";

    /// <summary>True when there is a source of keys.</summary>
    public bool IsEnabled => KeySources > 0;

    /// <summary>Number of sources of keys.</summary>
    internal int KeySources => ((string?[])[Secret, SecretFile, PublicKeyFile, JwksFile, JwksUrl]).Count(source => source is not null);

    /// <summary>True when tokens are signed with a secret that the broker knows as well.</summary>
    internal bool IsSymmetric => Secret is not null || SecretFile is not null;
}
