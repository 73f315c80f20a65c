using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Broker.Transports.Tls;

/// <summary>TLS handshakes of one listener that may be in progress at once, because each costs CPU before anybody knows who it is for.</summary>
/// <param name="listener">The listener.</param>
/// <param name="places">As many as there may be handshakes at once.</param>
/// <param name="longestWait">How long one waits for a place.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="logger">Log.</param>
internal sealed class HandshakeLimit(
    ListenerContext listener, SemaphoreSlim places, TimeSpan longestWait, TimeProvider timeProvider, ILogger logger)
{
    /// <summary>Waits for a place and begins the handshake.</summary>
    public async Task BeginAsync(ConnectionContext connection, ConnectionDelegate handshake)
    {
        if (!await TryEnterAsync(connection))
        {
            listener.Refuse(logger, connection.RemoteEndPoint, "too many TLS handshakes (limit MaximumHandshakes)");
            return;
        }
        var place = new Place(places);
        connection.Features.Set(place);
        try
        {
            await handshake(connection);
        }
        finally
        {
            place.GiveBack();
        }
    }

    /// <summary>The handshake has succeeded.</summary>
    public static void End(ConnectionContext connection) => connection.Features.Get<Place>()?.GiveBack();

    private async Task<bool> TryEnterAsync(ConnectionContext connection)
    {
        if (places.Wait(0))
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

    private sealed class Place(SemaphoreSlim places)
    {
        private int _isTaken = 1;

        public void GiveBack()
        {
            if (Interlocked.Exchange(ref _isTaken, 0) == 1)
            {
                places.Release();
            }
        }
    }
}
