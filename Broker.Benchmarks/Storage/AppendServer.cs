using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Broker.Primitives;
using Broker.Protocols.Mqtt;

namespace Broker.Benchmarks.Storage;

/// <summary>
/// `append PORT DIRECTORY`: the least that a durable broker could do. What a client publishes is appended to one file, as it comes; all that a
/// read has brought is synced together, then acknowledged. No sessions, no queues, nothing is delivered. A mark for `broker bench offline`.
/// </summary>
internal sealed class AppendServer(string directory)
{
    private const int BufferBytes = 256 * 1024;
    private const long FileBytes = 1L << 30;

    public static void Run(int port, string directory)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        Console.WriteLine($"Appending on port {port}; end it with Ctrl+C.");
        while (true)
        {
            var client = listener.AcceptSocket();
            new Thread(() => new AppendServer(directory).Serve(client)) { IsBackground = true }.Start();
        }
    }

    private void Serve(Socket client)
    {
        using var _ = client;
        client.NoDelay = true;
        var path = Path.Combine(directory, $"append-{Guid.NewGuid():N}");
        // Allocated at once, so that a sync has no size to write.
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.DeleteOnClose, FileBytes);
        var received = new byte[BufferBytes];
        var answers = new ArrayBufferWriter<byte>(BufferBytes);
        var (filled, offset) = (0, 0L);
        while (Receive(client, received, ref filled))
        {
            var consumed = Answer(received.AsSpan(0, filled), answers, out var isPublish);
            if (isPublish)
            {
                RandomAccess.Write(file, received.AsSpan(0, consumed), offset % (FileBytes - BufferBytes));
                RandomAccess.FlushToDisk(file);
                offset += consumed;
            }

            client.Send(answers.WrittenSpan);
            answers.ResetWrittenCount();
            received.AsSpan(consumed, filled - consumed).CopyTo(received);
            filled -= consumed;
        }
    }

    private static bool Receive(Socket client, byte[] received, ref int filled)
    {
        try
        {
            var count = client.Receive(received.AsSpan(filled));
            filled += count;
            return count > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // The number of bytes that were whole packets.
    private static int Answer(ReadOnlySpan<byte> received, ArrayBufferWriter<byte> answers, out bool isPublish)
    {
        var consumed = 0;
        isPublish = false;
        while (MqttFrame.TryRead(received[consumed..], int.MaxValue, out var frame, out _) == FrameStatus.Done)
        {
            consumed += frame.Length;
            switch (frame.Type)
            {
                case PacketType.Connect:
                    MqttWriter.WriteConnAck(answers, MqttVersion.V311, new ConnAckPacket());
                    break;
                case PacketType.Subscribe:
                    var subscribe = SubscribePacket.Read(frame, MqttVersion.V311);
                    MqttWriter.WriteSubAck(answers, MqttVersion.V311, subscribe.PacketId, [(ReasonCode)Qos.AtLeastOnce]);
                    break;
                case PacketType.Publish:
                    isPublish = true;
                    var length = MqttWriter.WriteAck(
                        answers.GetSpan(MqttWriter.MaximumAckSize), PacketType.PubAck, MqttVersion.V311, PublishPacket.Read(frame, MqttVersion.V311).PacketId,
                        ReasonCode.Success);
                    answers.Advance(length);
                    break;
            }
        }

        return consumed;
    }
}
