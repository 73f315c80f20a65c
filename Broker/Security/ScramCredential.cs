using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Broker.Security;

/// <summary>
/// What a server keeps for SCRAM-SHA-256 (RFC 5802 section 5): `$scram-sha-256$i=ITERATIONS$SALT$STOREDKEY$SERVERKEY`, all in Base64. Verifies
/// plain passwords as well, so that a user needs one line whatever its clients can do.
/// </summary>
internal sealed class ScramCredential : IPasswordVerifier
{
    /// <summary>Iterations of new credentials. Clients compute them too, small ones as well: RFC 7677 asks for 4096 or more.</summary>
    public const int DefaultIterations = 15_000;

    private const int SaltBytes = 16;
    private const int MaximumIterations = 10_000_000;
    private const string Scheme = "scram-sha-256";

    private readonly byte[] _salt;
    private readonly byte[] _storedKey;
    private readonly byte[] _serverKey;

    private ScramCredential(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey)
    {
        Iterations = iterations;
        _salt = salt;
        _storedKey = storedKey;
        _serverKey = serverKey;
    }

    public int Iterations { get; }

    public ReadOnlySpan<byte> Salt => _salt;

    /// <summary>H(ClientKey): what a client's proof is checked against.</summary>
    public ReadOnlySpan<byte> StoredKey => _storedKey;

    /// <summary>What the server proves itself with.</summary>
    public ReadOnlySpan<byte> ServerKey => _serverKey;

    public static ScramCredential Create(ReadOnlySpan<byte> password) =>
        Create(password, RandomNumberGenerator.GetBytes(SaltBytes), DefaultIterations);

    public static ScramCredential Create(ReadOnlySpan<byte> password, byte[] salt, int iterations)
    {
        byte[] salted = SaltedPassword(password, salt, iterations);
        return new ScramCredential(iterations, salt, StoredKeyOf(salted), HMACSHA256.HashData(salted, "Server Key"u8));
    }

    /// <summary>A credential that no password has, for unknown users: the same salt whenever the same user is asked for.</summary>
    public static ScramCredential CreateUnmatchable(ReadOnlySpan<byte> secret, string user)
    {
        byte[] salt = HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(user))[..SaltBytes];
        return new ScramCredential(
            DefaultIterations, salt, RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes), RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes));
    }

    public static bool TryParse(string text, [NotNullWhen(true)] out ScramCredential? credential)
    {
        credential = null;
        string[] parts = text.Split('$');
        if (parts.Length == 6 && parts[0].Length == 0 && parts[1] == Scheme && TryParseIterations(parts[2], out int iterations)
            && TryDecode(parts[3], out byte[] salt) && salt.Length >= 8
            && TryDecode(parts[4], out byte[] storedKey) && storedKey.Length == SHA256.HashSizeInBytes
            && TryDecode(parts[5], out byte[] serverKey) && serverKey.Length == SHA256.HashSizeInBytes)
        {
            credential = new ScramCredential(iterations, salt, storedKey, serverKey);
        }

        return credential is not null;
    }

    public bool Verify(ReadOnlySpan<byte> password) =>
        CryptographicOperations.FixedTimeEquals(StoredKeyOf(SaltedPassword(password, _salt, Iterations)), _storedKey);

    /// <summary>True when <paramref name="proof"/> shows that the client knows the password (RFC 5802 section 3).</summary>
    public bool VerifyProof(ReadOnlySpan<byte> proof, ReadOnlySpan<byte> authMessage)
    {
        if (proof.Length != SHA256.HashSizeInBytes)
        {
            return false;
        }

        byte[] key = HMACSHA256.HashData(_storedKey, authMessage);
        for (int index = 0; index < key.Length; index++)
        {
            key[index] ^= proof[index];
        }

        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(key), _storedKey);
    }

    public override string ToString() =>
        $"${Scheme}$i={Iterations}${Convert.ToBase64String(_salt)}${Convert.ToBase64String(_storedKey)}${Convert.ToBase64String(_serverKey)}";

    private static byte[] StoredKeyOf(byte[] saltedPassword) => SHA256.HashData(HMACSHA256.HashData(saltedPassword, "Client Key"u8));

    private static byte[] SaltedPassword(ReadOnlySpan<byte> password, byte[] salt, int iterations)
    {
        // The part of SASLprep that matters for passwords people type: compatibility composition.
        byte[] prepared = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(password).Normalize(NormalizationForm.FormKC));
        return Rfc2898DeriveBytes.Pbkdf2(prepared, salt, iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
    }

    private static bool TryParseIterations(string text, out int iterations)
    {
        iterations = 0;
        return text.StartsWith("i=", StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out iterations)
            && iterations is >= 4096 and <= MaximumIterations;
    }

    private static bool TryDecode(string text, out byte[] bytes)
    {
        byte[] buffer = new byte[text.Length];
        bool isBase64 = Convert.TryFromBase64String(text, buffer, out int length);
        bytes = buffer[..length];
        return isBase64;
    }
}
