using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;
using Broker.Observability;

namespace Broker.Transports.WebSockets;

internal sealed partial class WebSocketConnection
{
    /// <summary>Bytes of one frame at most where they have to be gathered first.</summary>
    private const int LongestGatheredFrame = 64 * 1024;

    private async Task SendAsync()
    {
        PipeReader reader = _output.Reader;
        try
        {
            while (true)
            {
                ReadResult result = await reader.ReadAsync();
                await SendAsync(result.Buffer);
                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (IsConnectionFault(e))
        {
            _logger.WebSocketFailed(_listener.Name, RemoteEndPoint, e.Message);
        }
        await reader.CompleteAsync();
    }

    /// <summary>Everything that waits leaves as one frame, straight from the pipe's memory where that is one piece.</summary>
    private ValueTask SendAsync(ReadOnlySequence<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return ValueTask.CompletedTask;
        }
        return buffer.IsSingleSegment
            ? _socket.SendAsync(buffer.First, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None)
            : SendGatheredAsync(buffer);
    }

    private async ValueTask SendGatheredAsync(ReadOnlySequence<byte> buffer)
    {
        byte[] frame = ArrayPool<byte>.Shared.Rent((int)Math.Min(buffer.Length, LongestGatheredFrame));
        try
        {
            while (!buffer.IsEmpty)
            {
                int length = (int)Math.Min(buffer.Length, frame.Length);
                buffer.Slice(0, length).CopyTo(frame);
                await _socket.SendAsync(frame.AsMemory(0, length), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
                buffer = buffer.Slice(length);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(frame);
        }
    }
}
