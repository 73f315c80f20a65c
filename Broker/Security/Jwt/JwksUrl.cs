using System.Net.Http;
using Broker.Observability;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace Broker.Security.Jwt;

/// <summary>
/// Keys from a URL. They are kept and fetched again after a while; a token that names a key that is not among them makes them be fetched at
/// once, but not more often than every few seconds, so that invented names do no harm. What was fetched stays in use when the URL fails.
/// </summary>
internal sealed class JwksUrl(Uri url, TimeSpan refresh, HttpClient http, TimeProvider time, ILogger logger) : IJwtKeys, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _fetching = new(1);
    private volatile IReadOnlyList<SecurityKey>? _keys;
    private long _fetched;
    private long _tried;

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<SecurityKey>?> FindAsync(string? keyId, CancellationToken cancellationToken)
    {
        if (!IsDue(keyId))
        {
            return _keys;
        }

        await _fetching.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (IsDue(keyId))
            {
                await FetchAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _fetching.Release();
        }

        return _keys;
    }

    public void Dispose() => _fetching.Dispose();

    private bool IsDue(string? keyId)
    {
        IReadOnlyList<SecurityKey>? keys = _keys;
        long tried = Volatile.Read(ref _tried);
        if (tried != 0 && time.GetElapsedTime(tried) < Pause)
        {
            return false;
        }

        return keys is null
            || time.GetElapsedTime(Volatile.Read(ref _fetched)) >= refresh
            || (keyId is not null && keys.All(key => key.KeyId != keyId));
    }

    private async Task FetchAsync()
    {
        Volatile.Write(ref _tried, time.GetTimestamp());
        try
        {
            using CancellationTokenSource timeout = new(Timeout, time);
            _keys = JwtKeyFile.ReadJwks(await http.GetStringAsync(url, timeout.Token).ConfigureAwait(false));
            Volatile.Write(ref _fetched, time.GetTimestamp());
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or ArgumentException or InvalidOperationException)
        {
            logger.JwksUnavailable(url, e is OperationCanceledException ? "no answer in time" : e.Message);
        }
    }
}
