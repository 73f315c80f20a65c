using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Broker.Protocols.Mqtt;

namespace Broker.Benchmarks.Attacks;

/// <summary>A client that behaves, on a blocking socket and its own thread: nothing of the measuring waits for a thread pool.</summary>
internal sealed class HealthyClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _received = new byte[64 * 1024];
    private int _start;
    private int _length;

    /// <summary>Logs in.</summary>
    /// <exception cref="IOException">The broker does not let it in.</exception>
    public static HealthyClient Connect(int port, string clientId)
    {
        var client = new HealthyClient();
        try
        {
            client._socket.ReceiveTimeout = 30_000;
            client._socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
            var output = new ArrayBufferWriter<byte>();
            MqttWriter.WriteConnect(output, AttackPackets.Connect(clientId, "healthy", AttackFiles.HealthyPassword));
            client.Send(output.WrittenSpan);
            var answer = client.Read(static (in MqttFrame frame) => AttackPackets.Describe(frame));
            return answer == "CONNACK 0x00" ? client : throw new IOException($"A healthy client is not let in: {answer}.");
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Looks at a packet.</summary>
    public delegate T Look<T>(in MqttFrame frame);

    /// <summary>Sends bytes.</summary>
    public void Send(ReadOnlySpan<byte> bytes) => _socket.Send(bytes);

    /// <summary>Waits for the next packet.</summary>
    /// <exception cref="IOException">The broker has closed the connection.</exception>
    public T Read<T>(Look<T> look)
    {
        while (true)
        {
            if (MqttFrame.TryRead(_received.AsSpan(_start, _length), int.MaxValue, out var frame, out _) == FrameStatus.Done)
            {
                var result = look(frame);
                _start += frame.Length;
                _length -= frame.Length;
                return result;
            }

            _received.AsSpan(_start, _length).CopyTo(_received);
            _start = 0;
            var count = _socket.Receive(_received.AsSpan(_length));
            _length += count > 0 ? count : throw new IOException("The broker has closed a healthy client's connection.");
        }
    }

    /// <summary>Forgets what has arrived.</summary>
    public void Drain()
    {
        while (_socket.Available > 0)
        {
            _socket.Receive(_received);
        }
    }

    public void Dispose() => _socket.Dispose();
}
