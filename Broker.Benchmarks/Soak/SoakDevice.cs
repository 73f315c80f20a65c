using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Broker.Protocols.PrivateTcp;

namespace Broker.Benchmarks.Soak;

/// <summary>One private-TCP device of the soak.</summary>
internal sealed class SoakDevice(SoakPlan plan, int index) : IDisposable
{
    private const int PayloadBytes = 64;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private int _sequence;

    /// <summary>Connects and waits for CONNACK.</summary>
    public async Task ConnectAsync()
    {
        await _socket.ConnectAsync(IPAddress.Loopback, plan.DevicePort);
        var buffer = new ArrayBufferWriter<byte>();
        PrivateFrameWriter.WriteConnect(new ConnectFrame { Version = ConnectFrame.SupportedVersion, ClientId = SoakPlan.DeviceId(index) }, buffer);
        await _socket.SendAsync(buffer.WrittenMemory);
        var answer = new byte[64];
        var read = await _socket.ReceiveAsync(answer);
        if (read == 0 || answer[0] != 0x20)
        {
            throw new IOException($"device {index} was refused: {(read == 0 ? "closed" : answer[0].ToString("x2", null))}");
        }
    }

    /// <summary>Sends one uplink with the device's number and the next sequence number.</summary>
    public void Send()
    {
        Span<byte> frame = stackalloc byte[PrivateFrame.HeaderLength + PayloadBytes];
        frame.Clear();
        PrivateFrameWriter.WriteDataTransHeader(frame, PayloadBytes);
        BinaryPrimitives.WriteInt32BigEndian(frame[PrivateFrame.HeaderLength..], index);
        BinaryPrimitives.WriteInt32BigEndian(frame[(PrivateFrame.HeaderLength + 4)..], _sequence++);
        _socket.Send(frame);
    }

    /// <inheritdoc />
    public void Dispose() => _socket.Dispose();
}
