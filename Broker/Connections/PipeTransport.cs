using System.Buffers;
using System.IO.Pipelines;
using Broker.Core;
using Broker.Core.Routing;
using Broker.Primitives;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Broker.Connections;

/// <summary>
/// Runs a <see cref="ClientConnection"/> over a pair of pipes: any transport of Kestrel, TLS, WebSocket, or memory in tests. The loop lives as
/// long as the connection; frames are parsed and answered in it without another hop.
/// </summary>
internal sealed class PipeTransport : IByteTransport
{
    private const int ChunkBytes = 128 * 1024;

    private readonly ConnectionContext _context;
    private readonly ClientConnection _connection;
    private readonly MessageBroker _broker;
    private bool _flushing;

    private PipeTransport(ConnectionContext context, ClientConnection connection, MessageBroker broker)
    {
        _context = context;
        _connection = connection;
        _broker = broker;
    }

    /// <inheritdoc />
    public bool IsHolding => Volatile.Read(ref _flushing);

    /// <summary>Serves the connection until it ends.</summary>
    public static async Task RunAsync(ConnectionContext context, ClientConnection connection, MessageBroker broker)
    {
        var transport = new PipeTransport(context, connection, broker);
        var (reason, detail) = (CloseReason.PeerClosed, (string?)null);
        var stopping = context.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        using var goodbye = stopping.UnsafeRegister(
            static connection => ((ClientConnection)connection!).Close(CloseReason.ServerShuttingDown), connection);
        try
        {
            connection.Start(transport);
            await transport.ReadAsync();
        }
        catch (Exception error) when (IsEndOfTransport(error))
        {
            detail = error.Message;
        }
        catch (Exception error)
        {
            // A defect of ours must not take more than this connection with it. [MQTT-3.1.1: 4.8.0-2]
            reason = CloseReason.ConnectionError;
            detail = error.ToString();
        }

        connection.OnTransportEnded(reason, detail);
        await transport.EndAsync();
    }

    /// <inheritdoc />
    public int Send(ReadOnlySpan<byte> data)
    {
        // While a flush is under way nothing fits: the connection hears of its end even when all of this call's bytes were taken.
        var taken = 0;
        while (!_flushing && taken < data.Length)
        {
            var chunk = data.Slice(taken, Math.Min(ChunkBytes, data.Length - taken));
            if (!TryWrite(chunk))
            {
                Abort(); // nobody reads any more: these bytes went nowhere
                break;
            }

            taken += chunk.Length;
        }

        return taken;
    }

    /// <inheritdoc />
    public void Close() => _context.Transport.Input.CancelPendingRead();

    /// <inheritdoc />
    public void Abort()
    {
        _context.Abort();
        _context.Transport.Input.CancelPendingRead();
    }

    // False when the other end of the pipe is gone, which must not disturb whoever publishes.
    private bool TryWrite(ReadOnlySpan<byte> chunk)
    {
        try
        {
            _context.Transport.Output.Write(chunk);
            var flush = _context.Transport.Output.FlushAsync();
            if (flush.IsCompletedSuccessfully)
            {
                return !flush.Result.IsCompleted;
            }

            _flushing = true;
            _ = ContinueAsync(flush);
            return true;
        }
        catch (Exception error) when (IsEndOfTransport(error) || error is InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsEndOfTransport(Exception error) =>
        error is IOException or OperationCanceledException or ObjectDisposedException or ConnectionAbortedException;

    private async Task ContinueAsync(ValueTask<FlushResult> flush)
    {
        try
        {
            // Never inline: the caller holds the connection's lock.
            if ((await flush.AsTask().ConfigureAwait(ConfigureAwaitOptions.ForceYielding)).IsCompleted)
            {
                Abort();
                return;
            }
        }
        catch (Exception error) when (IsEndOfTransport(error))
        {
            Abort();
            return;
        }

        Volatile.Write(ref _flushing, false);
        _connection.OnWritable();
    }

    private async Task ReadAsync()
    {
        var input = _context.Transport.Input;
        while (!_connection.IsClosed)
        {
            var result = await input.ReadAsync();
            var consumed = Process(result.Buffer);
            if (_connection.Suspension is { } suspension)
            {
                input.AdvanceTo(consumed, consumed);
                await suspension;
                continue;
            }

            if (_connection.IsUnfinished && !_connection.IsClosed)
            {
                input.AdvanceTo(consumed, consumed);
                await Task.Yield();
                continue;
            }

            // A suspension may have ended before it was asked for: what is left then is not the beginning of a frame.
            var interrupted = _connection.Wanted == 0 && !consumed.Equals(result.Buffer.End);
            input.AdvanceTo(consumed, interrupted ? consumed : result.Buffer.End);
            if (result.IsCompleted && !interrupted)
            {
                return;
            }
        }
    }

    private SequencePosition Process(in ReadOnlySequence<byte> buffer)
    {
        if (_connection.IsClosed || buffer.Length == 0 || buffer.Length < _connection.Wanted)
        {
            return buffer.Start;
        }

        using var batch = DeliveryBatch.Begin(_broker);
        if (buffer.IsSingleSegment)
        {
            return buffer.GetPosition(_connection.Receive(buffer.FirstSpan, batch));
        }

        var length = checked((int)buffer.Length);
        var joined = BufferPool.Rent(length);
        try
        {
            buffer.CopyTo(joined);
            return buffer.GetPosition(_connection.Receive(joined.AsSpan(0, length), batch));
        }
        finally
        {
            BufferPool.Return(joined);
        }
    }

    private async Task EndAsync()
    {
        try
        {
            await _context.Transport.Output.CompleteAsync();
            await _context.Transport.Input.CompleteAsync();
        }
        catch (Exception error) when (IsEndOfTransport(error) || error is InvalidOperationException)
        {
            _context.Abort();
        }
    }
}
