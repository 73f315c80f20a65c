using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;

namespace Broker.Transports.Tls;

/// <summary>
/// The TLS handshakes of one listener: so many may be in progress at once, because each costs CPU before anybody knows who it is for, and
/// those in progress end when the broker stops.
/// </summary>
/// <param name="listener">The listener.</param>
/// <param name="places">As many as there may be handshakes at once; null for no limit.</param>
/// <param name="longestWait">How long one waits for a place.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="logger">Log.</param>
internal sealed class HandshakeGuard(
    ListenerContext listener, SemaphoreSlim? places, TimeSpan longestWait, TimeProvider timeProvider, ILogger logger)
{
    /// <summary>Waits for a place and begins the handshake.</summary>
    public async Task BeginAsync(ConnectionContext connection, ConnectionDelegate handshake)
    {
        if (!await TryEnterAsync(connection))
        {
            listener.Refuse(logger, connection.RemoteEndPoint, "too many TLS handshakes (limit MaximumHandshakes)");
            return;
        }
        var progress = new Progress(places, connection);
        connection.Features.Set(progress);
        try
        {
            await handshake(connection);
        }
        finally
        {
            progress.End();
        }
    }

    /// <summary>The handshake has succeeded.</summary>
    public static void End(ConnectionContext connection) => connection.Features.Get<Progress>()?.End();

    private async Task<bool> TryEnterAsync(ConnectionContext connection)
    {
        if (places is null || places.Wait(0))
        {
            return true;
        }
        using var deadline = new ConnectionDeadline(connection, longestWait, timeProvider);
        try
        {
            await places.WaitAsync(deadline.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private sealed class Progress(SemaphoreSlim? places, ConnectionContext connection)
    {
        private readonly CancellationTokenRegistration _stopping =
            connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested
                .UnsafeRegister(static connection => ((ConnectionContext)connection!).Abort(), connection) ?? default;

        private int _isOver;

        public void End()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
            {
                _stopping.Unregister();
                places?.Release();
            }
        }
    }
}
