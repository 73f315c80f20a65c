using System.Text;
using System.Text.Json;
using Broker.Configuration;
using Broker.Configuration.Validation;
using Broker.Core.Ports;
using Broker.Security.Acl;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Broker.Security.Jwt;

/// <summary>
/// Accepts clients that bring a JSON Web Token, for as long as it is valid. Algorithms come from a list and never from the token, and a key
/// of one kind verifies tokens of that kind only.
/// </summary>
internal sealed class JwtAuthenticator : IAuthenticator
{
    private const int MaximumTokenBytes = 16 * 1024;
    private static readonly AuthenticationResult NoKeys = new(AuthenticationOutcome.Unavailable, "tokens cannot be verified now");

    private readonly JwtOptions _options;
    private readonly IJwtKeys _keys;
    private readonly TimeProvider _time;
    private readonly string[] _algorithms;
    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = MaximumTokenBytes };

    public JwtAuthenticator(JwtOptions options, IJwtKeys keys, TimeProvider time)
    {
        _options = options;
        _keys = keys;
        _time = time;
        _algorithms = [.. options.Algorithms.Count > 0 ? options.Algorithms : options.IsSymmetric ? JwtRules.Symmetric : JwtRules.Asymmetric];
    }

    private TimeSpan Skew => TimeSpan.FromSeconds(_options.ClockSkewSeconds);

    public async ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellationToken)
    {
        string? text = _options.TokenIn == JwtTokenPlace.Username ? request.Username
            : request.Password is { } password ? Encoding.UTF8.GetString(password.Span) : null;
        if (text is null || text.Count(letter => letter == '.') != 2)
        {
            return AuthenticationResult.Ignored;
        }

        if (Read(text) is not { } token)
        {
            return Refused("it cannot be read");
        }

        if (await _keys.FindAsync(string.IsNullOrEmpty(token.Kid) ? null : token.Kid, cancellationToken).ConfigureAwait(false) is not { } keys)
        {
            return NoKeys;
        }

        TokenValidationResult result = await _handler.ValidateTokenAsync(token, Parameters(keys)).ConfigureAwait(false);
        return result.IsValid ? Check(token, request) : Refused(Reason(result.Exception));
    }

    private TokenValidationParameters Parameters(IReadOnlyList<SecurityKey> keys) => new()
    {
        ValidAlgorithms = _algorithms,
        IssuerSigningKeys = keys,
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        ValidateIssuer = _options.Issuer is not null,
        ValidIssuer = _options.Issuer,
        ValidateAudience = _options.Audience is not null,
        ValidAudience = _options.Audience,
        LifetimeValidator = IsValidNow,
    };

    private bool IsValidNow(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        DateTime now = _time.GetUtcNow().UtcDateTime;
        return expires is { } end && now - Skew < end && (notBefore is not { } begin || now + Skew >= begin);
    }

    private JsonWebToken? Read(string text)
    {
        try
        {
            return text.Length <= MaximumTokenBytes ? _handler.ReadJsonWebToken(text) : null;
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }

    private AuthenticationResult Check(JsonWebToken token, AuthenticationRequest request)
    {
        foreach ((string name, string value) in _options.Claims)
        {
            if (Fill(value, request) is not { } expected || !token.Claims.Any(claim => claim.Type == name && claim.Value == expected))
            {
                return Refused($"the claim {name} is not what it must be");
            }
        }

        string? username = token.Claims.FirstOrDefault(claim => claim.Type == _options.UsernameClaim)?.Value;
        return string.IsNullOrEmpty(username) ? Refused($"it has no claim {_options.UsernameClaim}") : Accept(token, username);
    }

    private AuthenticationResult Accept(JsonWebToken token, string username)
    {
        using JsonDocument payload = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload));
        JsonElement claims = payload.RootElement.Clone();
        JsonElement rules = ClaimPath.Find(claims, _options.AclClaim);
        try
        {
            return new AuthenticationResult(AuthenticationOutcome.Accepted, Username: username)
            {
                ExpiresAt = new DateTimeOffset(token.ValidTo, TimeSpan.Zero) + Skew,
                Grants = new ClientGrants
                {
                    Claims = claims,
                    Rules = rules.ValueKind == JsonValueKind.Undefined ? null : CarriedRules.Read(rules),
                },
            };
        }
        catch (AclSyntaxException mistake)
        {
            return Refused($"the access rules in its claim {_options.AclClaim} cannot be used: {mistake.Message}");
        }
    }

    // Null when there is nothing to fill in.
    private static string? Fill(string value, AuthenticationRequest request)
    {
        if (value.Contains("%u", StringComparison.Ordinal) && request.Username is null)
        {
            return null;
        }

        string[] parts = value.Split("%c");
        return string.Join(request.ClientId, parts.Select(part => part.Replace("%u", request.Username, StringComparison.Ordinal)));
    }

    private static string Reason(Exception? exception) => exception switch
    {
        SecurityTokenInvalidLifetimeException or SecurityTokenNoExpirationException => "it has expired, is not valid yet, or does not say when it expires",
        SecurityTokenInvalidAudienceException => "it is for another audience",
        SecurityTokenInvalidIssuerException => "it is from another issuer",
        _ => "its signature or algorithm is wrong",
    };

    private static AuthenticationResult Refused(string why) => new(AuthenticationOutcome.BadCredentials, $"token refused: {why}");
}
