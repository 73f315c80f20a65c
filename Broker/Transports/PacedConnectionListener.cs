using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Broker.Transports;

/// <summary>Accepts no more connections per second than allowed; those above wait in the socket's accept queue.</summary>
internal sealed class PacedConnectionListener(IConnectionListener inner, ConnectionRateLimiter rate, TimeProvider timeProvider)
    : IConnectionListener
{
    private readonly CancellationTokenSource _unbound = new();

    public EndPoint EndPoint => inner.EndPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (!rate.TryAcquire(out TimeSpan retryAfter))
        {
            using var timer = new PeriodicTimer(retryAfter, timeProvider);
            try
            {
                await timer.WaitForNextTickAsync(_unbound.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }
        return await inner.AcceptAsync(cancellationToken);
    }

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        await _unbound.CancelAsync();
        await inner.UnbindAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        _unbound.Dispose();
    }
}
