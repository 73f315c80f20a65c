using Microsoft.IdentityModel.Tokens;

namespace Broker.Security.Jwt;

/// <summary>Keys that tokens are verified with.</summary>
internal interface IJwtKeys
{
    /// <summary>The keys for a token that names this one; null when none can be had now.</summary>
    ValueTask<IReadOnlyList<SecurityKey>?> FindAsync(string? keyId, CancellationToken cancellationToken);
}
