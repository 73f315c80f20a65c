using System.Buffers;
using System.Net.Sockets;

namespace Broker.Cli.Bench;

/// <summary>One client of the load: receives into one buffer, sends from another while a third is being filled.</summary>
internal abstract class LoadConnection(LoadFlow flow) : IDisposable
{
    private const int FirstBufferBytes = 2048;
    private const int LargestIdleBufferBytes = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _handshake = new(256);
    private Stream? _stream;
    private byte[] _received = new byte[FirstBufferBytes];
    private byte[] _filling = [];
    private byte[] _leaving = [];
    private int _filled;
    private bool _writing;
    private bool _ended;

    /// <summary>The producer that sends here, which has room again when bytes have left.</summary>
    public LoadProducer? Producer { get; set; }

    /// <summary>The receiver that reads here.</summary>
    public LoadSink? Sink { get; set; }

    /// <summary>True once the connection has ended.</summary>
    public bool IsLost => Volatile.Read(ref _ended);

    /// <summary>Bytes that have not been handed to the socket.</summary>
    public int PendingBytes => _filled;

    protected LoadFlow Flow => flow;

    /// <summary>Room for more bytes, which the caller fills; under the gate.</summary>
    public Span<byte> Extend(int length)
    {
        if (_filling.Length - _filled < length)
        {
            Array.Resize(ref _filling, Math.Max(_filled + length, Math.Max(FirstBufferBytes, _filling.Length * 2)));
        }

        _filled += length;
        return _filling.AsSpan(_filled - length, length);
    }

    /// <summary>Sends what has been appended, unless a write is under way: its end sends the rest.</summary>
    public void Flush()
    {
        if (!_ended && TryTake(begin: true, out var chunk))
        {
            Write(chunk);
        }
    }

    /// <summary>Ends the connection; what happens to it from now on is nobody's fault.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _ended, true);
        _stream?.Dispose();
    }

    /// <summary>Takes over a connected stream and begins to receive.</summary>
    protected void Begin(Stream stream)
    {
        _stream = stream;
        _ = ReceiveAsync();
    }

    /// <summary>Sends the last packet and ends the connection; it is no loss when the broker ends it first.</summary>
    protected void SendLast(Action<IBufferWriter<byte>> write)
    {
        lock (flow.Gate)
        {
            Append(write);
        }

        Volatile.Write(ref _ended, true);
        if (TryTake(begin: true, out var chunk))
        {
            Write(chunk);
        }

        Dispose();
    }

    /// <summary>Appends and sends a packet that is written by <paramref name="write"/>.</summary>
    protected void Send(Action<IBufferWriter<byte>> write)
    {
        lock (flow.Gate)
        {
            Append(write);
        }

        Flush();
    }

    /// <summary>Appends a packet that is written by <paramref name="write"/>, under the gate.</summary>
    protected void Append(Action<IBufferWriter<byte>> write)
    {
        _handshake.ResetWrittenCount();
        write(_handshake);
        _handshake.WrittenSpan.CopyTo(Extend(_handshake.WrittenCount));
    }

    /// <summary>Processes the complete frames at the beginning of the data, under the gate.</summary>
    /// <returns>Bytes consumed.</returns>
    protected abstract int Process(ReadOnlySpan<byte> data, long now);

    /// <summary>The connection has ended without being told to.</summary>
    protected abstract void OnLost(string reason);

    private async Task ReceiveAsync()
    {
        var end = 0;
        try
        {
            while (await _stream!.ReadAsync(_received.AsMemory(end)) is var count and > 0)
            {
                end = Received(end + count);
            }

            Lose("the broker closed it");
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            Lose(error.Message);
        }
        catch (Exception error) when (error is Protocols.Mqtt.MqttProtocolException or InvalidDataException)
        {
            Lose($"the broker broke the protocol: {error.Message}");
            Dispose();
        }
    }

    private int Received(int end)
    {
        int consumed;
        lock (flow.Gate)
        {
            consumed = Process(_received.AsSpan(0, end), flow.Now);
        }

        Flush();
        flow.PumpReady();
        var rest = end - consumed;
        var room = _received;
        // A buffer that one read fills is too small for this load; one that holds no whole frame is too small for that frame.
        if (end == _received.Length && (rest > _received.Length / 2 || _received.Length < LargestIdleBufferBytes))
        {
            room = new byte[_received.Length * 2];
        }

        _received.AsSpan(consumed, rest).CopyTo(room);
        _received = room;
        return rest;
    }

    private void Lose(string reason)
    {
        if (!IsLost)
        {
            Volatile.Write(ref _ended, true);
            OnLost(reason);
        }
    }

    private bool TryTake(bool begin, out ReadOnlyMemory<byte> chunk)
    {
        lock (flow.Gate)
        {
            chunk = default;
            if (_filled == 0 || (begin && _writing))
            {
                _writing &= begin;
                return false;
            }

            _writing = true;
            (_filling, _leaving) = (_leaving, _filling);
            chunk = _leaving.AsMemory(0, _filled);
            _filled = 0;
            return true;
        }
    }

    private void Write(ReadOnlyMemory<byte> chunk)
    {
        try
        {
            do
            {
                var write = _stream!.WriteAsync(chunk);
                if (!write.IsCompletedSuccessfully)
                {
                    _ = ContinueAsync(write);
                    return;
                }
            }
            while (TryTake(begin: false, out chunk));
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            Lose(error.Message);
        }
    }

    private async Task ContinueAsync(ValueTask write)
    {
        try
        {
            await write;
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            Lose(error.Message);
            return;
        }

        if (TryTake(begin: false, out var chunk))
        {
            Write(chunk);
        }

        lock (flow.Gate)
        {
            if (Producer is { } producer)
            {
                flow.Wake(producer);
            }
        }

        flow.PumpReady();
    }
}
