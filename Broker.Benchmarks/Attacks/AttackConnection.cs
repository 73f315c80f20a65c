using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Broker.Protocols.Mqtt;

namespace Broker.Benchmarks.Attacks;

/// <summary>A connection of the attacker's: sends any bytes, and says in words what comes back.</summary>
internal sealed class AttackConnection : IDisposable
{
    /// <summary>The answer when there is none in time.</summary>
    public const string Silence = "no answer";

    /// <summary>The answer when the broker closes the connection.</summary>
    public const string Closed = "closed";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private readonly Socket _socket;
    private readonly byte[] _received = new byte[4096];
    private int _length;

    private AttackConnection(Socket socket) => _socket = socket;

    /// <summary>Connects from one of the attacker's addresses.</summary>
    public static async Task<AttackConnection> OpenAsync(int port, IPAddress from, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
            return new AttackConnection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The bytes as they travel, for TLS.</summary>
    public Stream Stream => new NetworkStream(_socket, ownsSocket: false);

    /// <summary>Sends bytes; that the broker has closed meanwhile shows in the answer.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await _socket.SendAsync(bytes, cancellationToken)..];
            }
        }
        catch (SocketException)
        {
        }
    }

    /// <summary>Sends what a writer writes.</summary>
    public Task SendAsync(Action<IBufferWriter<byte>> write, CancellationToken cancellationToken)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return SendAsync(output.WrittenMemory, cancellationToken);
    }

    /// <summary>The next MQTT packet in words, <see cref="Closed"/> or <see cref="Silence"/>.</summary>
    public async Task<string> AnswerAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryTakePacket(out var packet))
            {
                return packet;
            }

            if (await ReceiveAsync(Patience, cancellationToken) is { } end)
            {
                return end;
            }
        }
    }

    /// <summary>The next bytes as they are, at most 16, in hexadecimal; or <see cref="Closed"/> or <see cref="Silence"/>.</summary>
    public async Task<string> BytesAsync(CancellationToken cancellationToken)
    {
        var end = await ReceiveAsync(Patience, cancellationToken);
        var bytes = Convert.ToHexStringLower(_received.AsSpan(0, Math.Min(16, _length)));
        _length = 0;
        return end ?? bytes;
    }

    /// <summary><see cref="Closed"/> when the broker closes the connection within a time, whatever it says; <see cref="Silence"/> when not.</summary>
    public async Task<string> EndAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        string? end;
        do
        {
            _length = 0;
            end = await ReceiveAsync(time, cancellationToken);
        }
        while (end is null);
        return end;
    }

    public void Dispose() => _socket.Dispose();

    private async Task<string?> ReceiveAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(time);
        try
        {
            var count = await _socket.ReceiveAsync(_received.AsMemory(_length), patience.Token);
            _length += count;
            return count == 0 ? Closed : null;
        }
        catch (SocketException)
        {
            return Closed;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Silence;
        }
    }

    private bool TryTakePacket(out string packet)
    {
        packet = "";
        if (MqttFrame.TryRead(_received.AsSpan(0, _length), int.MaxValue, out var frame, out _) != FrameStatus.Done)
        {
            return false;
        }

        packet = AttackPackets.Describe(frame);
        _received.AsSpan(frame.Length, _length - frame.Length).CopyTo(_received);
        _length -= frame.Length;
        return true;
    }
}
