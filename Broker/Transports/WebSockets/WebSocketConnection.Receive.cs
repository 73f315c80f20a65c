using System.IO.Pipelines;
using System.Net.WebSockets;
using Broker.Observability;

namespace Broker.Transports.WebSockets;

internal sealed partial class WebSocketConnection
{
    /// <summary>Received bytes are handed on at the latest when so many wait.</summary>
    private const int FlushThreshold = 16 * 1024;

    private WebSocketCloseStatus _closeStatus = WebSocketCloseStatus.NormalClosure;
    private string? _closeReason;

    private async Task ReceiveAsync()
    {
        PipeWriter writer = _input.Writer;
        try
        {
            while (await ReceiveSomeAsync(writer))
            {
            }
            await writer.CompleteAsync();
            await DiscardAsync();
        }
        catch (Exception e) when (IsConnectionFault(e))
        {
            _logger.WebSocketFailed(_listener.Name, RemoteEndPoint, e.Message);
            await writer.CompleteAsync();
        }
    }

    /// <summary>
    /// Reads on to the client's Close frame: a socket that is closed over unread bytes is reset, and the client would lose what was
    /// sent to it last.
    /// </summary>
    private async ValueTask DiscardAsync()
    {
        byte[] scrap = new byte[1024];
        while (_socket.State is WebSocketState.Open or WebSocketState.CloseSent)
        {
            await _socket.ReceiveAsync(scrap.AsMemory(), CancellationToken.None);
        }
    }

    /// <summary>Receives the next piece of a frame; false when there will be no more.</summary>
    private async ValueTask<bool> ReceiveSomeAsync(PipeWriter writer)
    {
        // An empty read waits for a frame without holding a buffer. When one is there already, it is taken before what was received
        // is handed on, so that many small frames make one batch.
        ValueTask<ValueWebSocketReceiveResult> arrival = _socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
        bool mustFlush = writer.UnflushedBytes > 0 && (!arrival.IsCompleted || writer.UnflushedBytes >= FlushThreshold);
        bool hasReader = !mustFlush || !(await writer.FlushAsync()).IsCompleted;
        ValueWebSocketReceiveResult arrived = await arrival;
        if (!IsData(arrived) || !hasReader)
        {
            return false;
        }
        if (arrived.EndOfMessage)
        {
            return true; // an empty message, and the empty read has taken it: another would wait while received bytes are not handed on
        }
        ValueWebSocketReceiveResult received = await _socket.ReceiveAsync(writer.GetMemory(), CancellationToken.None);
        if (!IsData(received))
        {
            return false;
        }
        writer.Advance(received.Count);
        return true;
    }

    /// <summary>MQTT travels in binary frames only [MQTT-6.0.0-1].</summary>
    private bool IsData(ValueWebSocketReceiveResult received)
    {
        if (received.MessageType == WebSocketMessageType.Text)
        {
            _closeStatus = WebSocketCloseStatus.InvalidMessageType;
            _closeReason = "MQTT needs binary frames";
            _listener.CountRefused();
            _logger.WebSocketRefused(_listener.Name, RemoteEndPoint, "it sent a text frame, and MQTT needs binary frames");
        }
        return received.MessageType == WebSocketMessageType.Binary;
    }
}
