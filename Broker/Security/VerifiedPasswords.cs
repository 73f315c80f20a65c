using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Broker.Security;

/// <summary>
/// Remembers for each user the password that was right last, as a digest under a key that only this process knows, so that a fleet that
/// reconnects at once does not cost a slow hash each. Holds at most one digest for each user of the file.
/// </summary>
internal sealed class VerifiedPasswords
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);
    private readonly ConcurrentDictionary<string, byte[]> _digests = new(StringComparer.Ordinal);

    public bool Contains(string user, ReadOnlySpan<byte> password)
    {
        if (!_digests.TryGetValue(user, out byte[]? known))
        {
            return false;
        }

        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, password, digest);
        return CryptographicOperations.FixedTimeEquals(digest, known);
    }

    public void Add(string user, ReadOnlySpan<byte> password) => _digests[user] = HMACSHA256.HashData(_key, password);
}
