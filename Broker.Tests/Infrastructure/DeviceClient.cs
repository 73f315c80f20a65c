using System.Buffers;
using System.Text;
using Broker.Protocols.PrivateTcp;

namespace Broker.Tests.Infrastructure;

/// <summary>A private-TCP device of a test.</summary>
internal sealed class DeviceClient(InMemoryConnection connection)
{
    public InMemoryConnection Connection => connection;

    public bool IsClosed => connection.IsClosed;

    /// <summary>Opens a connection and sends CONNECT.</summary>
    public static DeviceClient Open(
        TestBroker broker, string clientId, string? username = null, byte keepAlive = 0, string? password = null, int outputLimit = 0)
    {
        var device = new DeviceClient(broker.OpenPrivateTcp(outputLimit));
        device.Write(output => PrivateFrameWriter.WriteConnect(
            new ConnectFrame
            {
                ClientId = clientId,
                Username = username,
                KeepAliveSeconds = keepAlive,
                Password = password is null ? null : Encoding.UTF8.GetBytes(password),
            },
            output));
        return device;
    }

    /// <summary>Opens a connection, sends CONNECT and takes the CONNACK, which has to be good.</summary>
    public static DeviceClient Connect(TestBroker broker, string clientId, string? username = null, byte keepAlive = 0)
    {
        DeviceClient device = Open(broker, clientId, username, keepAlive);
        string[] frames = device.Frames();
        return frames is ["20 Connect Successfully"] ? device : throw new InvalidOperationException($"CONNACK was {string.Join(", ", frames)}.");
    }

    public void Uplink(string payload) => Write(output => PrivateFrameWriter.WriteDataTrans(Encoding.UTF8.GetBytes(payload), output));

    public void Ping() => connection.Send(PrivateFrameWriter.Ping);

    public void Disconnect() => connection.Send(PrivateFrameWriter.Disconnect);

    /// <summary>The frames that have arrived: first byte in hex, payload as text.</summary>
    public string[] Frames() => Split(connection.Received());

    /// <summary>Splits bytes into frames.</summary>
    public static string[] Split(byte[] bytes)
    {
        var frames = new List<string>();
        for (int at = 0; at < bytes.Length;)
        {
            FrameStatus status = PrivateFrame.TryRead(bytes.AsSpan(at), PrivateFrame.MaximumPayloadLength, out PrivateFrame frame, out _);
            if (status != FrameStatus.Done)
            {
                frames.Add($"{status}: {Convert.ToHexStringLower(bytes.AsSpan(at))}");
                break;
            }

            frames.Add($"{bytes[at]:x2} {Encoding.UTF8.GetString(frame.Payload)}".TrimEnd());
            at += frame.Length;
        }

        return [.. frames];
    }

    private void Write(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        connection.Send(output.WrittenSpan);
    }
}
