using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;

namespace Broker.Security;

/// <summary>A salted, slow hash of a password: `$pbkdf2-sha512$i=ITERATIONS$SALT$HASH`, salt and hash in Base64.</summary>
internal sealed class PasswordHash : IPasswordVerifier
{
    /// <summary>Iterations of new hashes, and the fewest that count as slow (OWASP's figure for PBKDF2 with SHA-512).</summary>
    public const int DefaultIterations = 210_000;

    // Above this one attempt would occupy a core for seconds.
    private const int MaximumIterations = 10_000_000;
    private const int SaltBytes = 16;
    private const int HashBytes = 64;
    private const string Scheme = "pbkdf2-sha512";

    private readonly byte[] _salt;
    private readonly byte[] _hash;

    private PasswordHash(int iterations, byte[] salt, byte[] hash)
    {
        Iterations = iterations;
        _salt = salt;
        _hash = hash;
    }

    public int Iterations { get; }

    public static PasswordHash Create(ReadOnlySpan<byte> password, int iterations = DefaultIterations)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new PasswordHash(iterations, salt, Derive(password, salt, iterations));
    }

    /// <summary>A hash that no password has, for unknown users to be compared with at the same cost.</summary>
    public static PasswordHash CreateUnmatchable(int iterations) =>
        new(iterations, RandomNumberGenerator.GetBytes(SaltBytes), RandomNumberGenerator.GetBytes(HashBytes));

    public static bool TryParse(string text, [NotNullWhen(true)] out PasswordHash? hash)
    {
        hash = null;
        string[] parts = text.Split('$');
        if (parts.Length != 5 || parts[0].Length != 0 || parts[1] != Scheme || !TryParseIterations(parts[2], out int iterations))
        {
            return false;
        }

        if (TryDecode(parts[3], 8, out byte[]? salt) && TryDecode(parts[4], HashBytes, out byte[]? bytes) && bytes.Length == HashBytes)
        {
            hash = new PasswordHash(iterations, salt, bytes);
        }

        return hash is not null;
    }

    /// <summary>True when this is the hash of <paramref name="password"/>. Slow by design; the comparison takes the same time either way.</summary>
    public bool Verify(ReadOnlySpan<byte> password) => CryptographicOperations.FixedTimeEquals(Derive(password, _salt, Iterations), _hash);

    public override string ToString() => $"${Scheme}$i={Iterations}${Convert.ToBase64String(_salt)}${Convert.ToBase64String(_hash)}";

    private static byte[] Derive(ReadOnlySpan<byte> password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA512, HashBytes);

    private static bool TryParseIterations(string text, out int iterations)
    {
        iterations = 0;
        return text.StartsWith("i=", StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out iterations)
            && iterations is > 0 and <= MaximumIterations;
    }

    private static bool TryDecode(string text, int minimumLength, [NotNullWhen(true)] out byte[]? bytes)
    {
        byte[] buffer = new byte[text.Length];
        bool isBase64 = Convert.TryFromBase64String(text, buffer, out int length) && length >= minimumLength;
        bytes = isBase64 ? buffer[..length] : null;
        return isBase64;
    }
}
