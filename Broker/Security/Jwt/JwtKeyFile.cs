using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Broker.Configuration;
using Microsoft.IdentityModel.Tokens;

namespace Broker.Security.Jwt;

/// <summary>Keys from the configuration or a file of it.</summary>
internal sealed class JwtKeyFile : IJwtKeys
{
    private const int MinimumSecretBytes = 32;

    private readonly JwtOptions _options;
    private volatile IReadOnlyList<SecurityKey> _keys = [];

    public JwtKeyFile(JwtOptions options)
    {
        _options = options;
        Problem = TryReload();
    }

    /// <summary>What was wrong with the keys at first; null when nothing was.</summary>
    public string? Problem { get; }

    /// <summary>The files that were read.</summary>
    public IReadOnlyList<string> Files => [.. ((string?[])[_options.SecretFile, _options.PublicKeyFile, _options.JwksFile]).OfType<string>()];

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<SecurityKey>?> FindAsync(string? keyId, CancellationToken cancellationToken) => ValueTask.FromResult(_keys)!;

    /// <summary>Reads the keys again; returns what is wrong with them, and has then changed nothing.</summary>
    public string? TryReload()
    {
        try
        {
            _keys = Read(_options);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"the key file cannot be read: {e.Message}";
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or FormatException)
        {
            // The exception's text may hold a part of the key.
            return "there is no key in it that can be used";
        }
    }

    /// <summary>Reads a JWKS.</summary>
    /// <exception cref="ArgumentException">It is none, or holds no key.</exception>
    public static IReadOnlyList<SecurityKey> ReadJwks(string json)
    {
        SecurityKey[] keys = [.. new JsonWebKeySet(json).GetSigningKeys().Where(key => key is not SymmetricSecurityKey)];
        return keys.Length > 0 ? keys : throw new ArgumentException("no keys");
    }

    private static IReadOnlyList<SecurityKey> Read(JwtOptions options)
    {
        if (options.IsSymmetric)
        {
            byte[] secret = Encoding.UTF8.GetBytes(options.Secret ?? SecretFile.Read(options.SecretFile!));
            return secret.Length >= MinimumSecretBytes
                ? [new SymmetricSecurityKey(secret)]
                : throw new FormatException("too short");
        }

        return options.JwksFile is { } jwks ? ReadJwks(File.ReadAllText(jwks)) : [ReadPem(File.ReadAllText(options.PublicKeyFile!))];
    }

    private static SecurityKey ReadPem(string pem)
    {
        if (pem.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal))
        {
            X509Certificate2 certificate = X509Certificate2.CreateFromPem(pem);
            return certificate.GetRSAPublicKey() is { } ofCertificate
                ? new RsaSecurityKey(ofCertificate)
                : new ECDsaSecurityKey(certificate.GetECDsaPublicKey() ?? throw new CryptographicException("neither RSA nor EC"));
        }

        RSA rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
            return new RsaSecurityKey(rsa);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            rsa.Dispose();
        }

        ECDsa ec = ECDsa.Create();
        ec.ImportFromPem(pem);
        return new ECDsaSecurityKey(ec);
    }
}
