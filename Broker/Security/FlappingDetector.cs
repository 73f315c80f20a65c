using System.Collections.Concurrent;
using Broker.Configuration;
using Broker.Core.Ports;
using Broker.Observability;
using Microsoft.Extensions.Logging;

namespace Broker.Security;

/// <summary>Counts the logins of each ClientId in a window, and bans for a while those that have too many.</summary>
internal sealed class FlappingDetector(FlappingOptions options, IBanList bans, TimeProvider time, ILogger<FlappingDetector> logger)
{
    private const int ManyClients = 100_000;

    private readonly ConcurrentDictionary<string, Window> _windows = new(StringComparer.Ordinal);
    private int _cleanAt = ManyClients;

    /// <summary>The result, unless its client has logged in too often.</summary>
    public AuthenticationResult Filter(AuthenticationRequest request, AuthenticationResult result)
    {
        if (options.Connects == 0 || result.Outcome != AuthenticationOutcome.Accepted || request.ClientId.Length == 0)
        {
            return result;
        }

        Clean();
        long now = time.GetTimestamp();
        Window window = _windows.AddOrUpdate(
            request.ClientId,
            static (_, context) => new Window(1, context.now),
            static (_, old, context) => context.Item1.IsOver(old) ? new Window(1, context.now) : old with { Logins = old.Logins + 1 },
            (this, now));
        if (window.Logins < options.Connects)
        {
            return result;
        }

        _windows.TryRemove(request.ClientId, out _);
        string reason = $"{window.Logins} logins within {options.WindowSeconds} s";
        bans.TryAdd(new Ban(BanKind.ClientId, request.ClientId, time.GetUtcNow().AddSeconds(options.BanSeconds), reason));
        logger.FlappingBanned(request.ClientId, result.Username ?? request.Username, request.Peer, reason, options.BanSeconds);
        return BanList.Refusal;
    }

    private bool IsOver(Window window) => time.GetElapsedTime(window.Since) > TimeSpan.FromSeconds(options.WindowSeconds);

    // Clients that have not come in the window: looked for each time their number has doubled.
    private void Clean()
    {
        if (_windows.Count < Volatile.Read(ref _cleanAt))
        {
            return;
        }

        foreach ((string clientId, Window window) in _windows)
        {
            if (IsOver(window))
            {
                _windows.TryRemove(KeyValuePair.Create(clientId, window));
            }
        }

        Volatile.Write(ref _cleanAt, Math.Max(ManyClients, _windows.Count * 2));
    }

    private readonly record struct Window(int Logins, long Since);
}
