using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Broker.Primitives;
using Broker.Protocols.Mqtt;

namespace Broker.Benchmarks.Soak;

/// <summary>One MQTT subscriber of the soak: counts what arrives of each device and what is out of sequence.</summary>
internal sealed class SoakSubscriber(SoakPlan plan, int index) : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly Dictionary<int, int> _next = [];
    private long _received;

    /// <summary>Uplinks received.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Uplinks that did not have the number that was due.</summary>
    public long OutOfSequence { get; private set; }

    private IEnumerable<int> Devices => Enumerable.Range(0, plan.Devices).Where(device => device % plan.Subscribers == index);

    /// <summary>Connects and subscribes to the uplinks of this subscriber's devices.</summary>
    public async Task ConnectAsync()
    {
        await _socket.ConnectAsync(IPAddress.Loopback, plan.MqttPort);
        var buffer = new ArrayBufferWriter<byte>();
        MqttWriter.WriteConnect(buffer, new ConnectPacket { Version = MqttVersion.V311, CleanStart = true, ClientId = $"soak-sub-{index}" });
        var filters = Devices.Select(static device => ($"tcp/{SoakPlan.DeviceId(device)}/up", new SubscriptionOptions(Qos.AtMostOnce)));
        MqttWriter.WriteSubscribe(buffer, MqttVersion.V311, 1, [.. filters]);
        await _socket.SendAsync(buffer.WrittenMemory);
    }

    /// <summary>Receives until the socket is closed.</summary>
    public async Task ReceiveAsync(TaskCompletionSource subscribed)
    {
        var buffer = new byte[64 * 1024];
        var length = 0;
        try
        {
            while (await _socket.ReceiveAsync(buffer.AsMemory(length)) is > 0 and var read)
            {
                length += read;
                var consumed = Process(buffer.AsSpan(0, length), subscribed);
                buffer.AsSpan(consumed, length - consumed).CopyTo(buffer);
                length -= consumed;
            }
        }
        catch (SocketException)
        {
            // closed at the end of the run
        }
        catch (ObjectDisposedException)
        {
            // closed at the end of the run
        }
    }

    /// <inheritdoc />
    public void Dispose() => _socket.Dispose();

    private int Process(ReadOnlySpan<byte> data, TaskCompletionSource subscribed)
    {
        var consumed = 0;
        while (MqttFrame.TryRead(data[consumed..], int.MaxValue, out var frame, out _) == FrameStatus.Done)
        {
            consumed += frame.Length;
            if (frame.Type == PacketType.SubAck)
            {
                subscribed.TrySetResult();
            }
            else if (frame.Type == PacketType.Publish)
            {
                Count(PublishPacket.Read(frame, MqttVersion.V311, PacketSender.Server).Payload);
            }
        }

        return consumed;
    }

    private void Count(ReadOnlySpan<byte> payload)
    {
        var device = BinaryPrimitives.ReadInt32BigEndian(payload);
        var sequence = BinaryPrimitives.ReadInt32BigEndian(payload[4..]);
        if (_next.GetValueOrDefault(device) != sequence)
        {
            OutOfSequence++;
        }

        _next[device] = sequence + 1;
        Volatile.Write(ref _received, _received + 1);
    }
}
