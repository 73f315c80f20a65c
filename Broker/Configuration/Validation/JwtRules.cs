namespace Broker.Configuration.Validation;

/// <summary>Rules of the JWT section.</summary>
internal static class JwtRules
{
    /// <summary>Algorithms that sign with a secret.</summary>
    public static readonly IReadOnlyList<string> Symmetric = ["HS256", "HS384", "HS512"];

    /// <summary>Algorithms that sign with a private key.</summary>
    public static readonly IReadOnlyList<string> Asymmetric =
        ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512"];

    public static void Check(JwtOptions jwt, string path, RuleContext context)
    {
        if (jwt.KeySources > 1)
        {
            context.Add(
                path, "more than one source of keys",
                "keep one of Secret, SecretFile, PublicKeyFile, JwksFile and JwksUrl; a key of one kind must never verify a token of another");
        }

        if (jwt.JwksUrl is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out Uri? parsed) && parsed.Scheme is "http" or "https"))
        {
            context.Add($"{path}:{nameof(JwtOptions.JwksUrl)}", "not a URL", "write one like https://auth.example.com/jwks.json");
        }

        IReadOnlyList<string> fitting = jwt.IsSymmetric ? Symmetric : Asymmetric;
        foreach (string algorithm in jwt.Algorithms.Where(algorithm => jwt.IsEnabled && !fitting.Contains(algorithm)))
        {
            context.Add(
                $"{path}:{nameof(JwtOptions.Algorithms)}", $"the algorithm {algorithm} does not exist or does not fit the key",
                $"use {string.Join(", ", fitting)}");
        }
    }
}
