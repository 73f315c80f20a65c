using Broker.Core.Routing;

namespace Broker.Connections;

/// <summary>
/// What one pass of an event loop receives, from any number of connections: all that it sets in motion is sent when the pass ends, once per
/// connection. Belongs to the loop's thread.
/// </summary>
internal sealed class ReceivePass
{
    private DeliveryBatch? _batch;

    /// <summary>Bytes received in this pass.</summary>
    public int ReceivedBytes { get; private set; }

    /// <summary>Hands bytes to a connection; see <see cref="ClientConnection.Receive"/>.</summary>
    /// <returns>Bytes consumed.</returns>
    public int Receive(ClientConnection connection, ReadOnlySpan<byte> data)
    {
        _batch ??= connection.BeginBatch();
        ReceivedBytes += data.Length;
        return connection.Receive(data, _batch);
    }

    /// <summary>Sends what the pass has set in motion.</summary>
    public void End()
    {
        var batch = _batch;
        _batch = null;
        ReceivedBytes = 0;
        batch?.Dispose();
    }
}
