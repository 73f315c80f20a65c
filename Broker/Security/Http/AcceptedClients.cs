using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Broker.Core.Ports;

namespace Broker.Security.Http;

/// <summary>
/// Remembers for a while who was let in with which credentials, as digests under a key that only this process knows. Refusals are not
/// remembered, so that a flood of wrong passwords does not displace those who belong.
/// </summary>
internal sealed class AcceptedClients(TimeSpan lifetime, TimeProvider time)
{
    private const int Maximum = 100_000;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);
    private readonly ConcurrentDictionary<string, (AuthenticationResult Result, long Since)> _results = new(StringComparer.Ordinal);

    public AuthenticationResult? Find(string digest) =>
        _results.TryGetValue(digest, out (AuthenticationResult Result, long Since) found) && time.GetElapsedTime(found.Since) < lifetime
            ? found.Result
            : null;

    public void Add(string digest, AuthenticationResult result)
    {
        if (lifetime <= TimeSpan.Zero)
        {
            return;
        }

        if (_results.Count >= Maximum)
        {
            _results.Clear();
        }

        _results[digest] = (result, time.GetTimestamp());
    }

    /// <summary>Stands for everything that the service is told about a client, its address excepted.</summary>
    public string DigestOf(AuthenticationRequest request)
    {
        using IncrementalHash hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        Append(hash, [(byte)request.Protocol]);
        Append(hash, Encoding.UTF8.GetBytes(request.Listener));
        Append(hash, Encoding.UTF8.GetBytes(request.ClientId));
        Append(hash, request.Username is { } user ? [1, .. Encoding.UTF8.GetBytes(user)] : []);
        Append(hash, request.Password is { } password ? [1, .. password.Span] : []);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}
