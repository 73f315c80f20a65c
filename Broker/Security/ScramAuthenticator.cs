using System.Security.Cryptography;
using Broker.Core.Ports;

namespace Broker.Security;

/// <summary>SCRAM-SHA-256 (RFC 5802, RFC 7677) for the users of a password file that have a SCRAM line.</summary>
/// <param name="file">Gives the file as it is now.</param>
/// <param name="nonces">Gives nonces; random ones where null.</param>
internal sealed class ScramAuthenticator(Func<PasswordFile> file, Func<string>? nonces = null) : IEnhancedAuthenticator
{
    private const int NonceBytes = 18;

    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);

    /// <inheritdoc />
    public string Method => "SCRAM-SHA-256";

    /// <inheritdoc />
    public IAuthenticationExchange Begin(AuthenticationRequest request) =>
        new ScramExchange(CredentialOf, nonces?.Invoke() ?? Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceBytes)));

    // An unknown user is told apart from a known one only after its proof.
    private ScramCredential CredentialOf(string user) => file().FindScram(user) ?? ScramCredential.CreateUnmatchable(_secret, user);
}
