using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Broker.Cli.Crashtest.Sessions;
using Broker.Primitives;
using Broker.Protocols.Mqtt;

namespace Broker.Tests.Cli.Crashtest;

/// <summary>The broker's end of one connection: the test says what it sends, and reads in words what the session sends.</summary>
internal sealed class ScriptedBroker : IDisposable
{
    private readonly Pipe _toClient = new();
    private readonly Pipe _toBroker = new();
    private readonly MqttVersion _version;

    private ScriptedBroker(MqttVersion version) => _version = version;

    /// <summary>Connects a session and answers its CONNECT.</summary>
    public static async Task<ScriptedBroker> AcceptAsync(ClientSession session, bool sessionPresent)
    {
        ScriptedBroker broker = new(session.Version);
        Task connecting = session.ConnectAsync(
            new DuplexStream(broker._toClient.Reader.AsStream(), broker._toBroker.Writer.AsStream()), CancellationToken.None);
        await broker.NextAsync();
        await broker.SendAsync(output => MqttWriter.WriteConnAck(output, session.Version, new ConnAckPacket { SessionPresent = sessionPresent }));
        await connecting;
        return broker;
    }

    public Task SendAckAsync(PacketType type, ushort packetId)
    {
        byte[] packet = new byte[MqttWriter.MaximumAckSize];
        return SendAsync(packet.AsMemory(0, MqttWriter.WriteAck(packet, type, _version, packetId, ReasonCode.Success)));
    }

    public Task SendPublishAsync(string topic, byte[] payload, Qos qos, ushort packetId, bool dup = false)
    {
        byte[] name = Encoding.UTF8.GetBytes(topic);
        byte[] packet = new byte[MqttWriter.PublishSize(_version, name.Length, 0, payload.Length, qos)];
        MqttWriter.WritePublish(packet, _version, name, payload, [], qos, retain: false, dup, packetId, null, 0, [], out _);
        return SendAsync(packet);
    }

    public Task SendSubAckAsync(ushort packetId, ReasonCode code) =>
        SendAsync(output => MqttWriter.WriteSubAck(output, _version, packetId, [code]));

    /// <summary>The next packet, in words.</summary>
    public async Task<string> NextAsync()
    {
        while (true)
        {
            ReadResult read = await _toBroker.Reader.ReadAsync();
            byte[] bytes = read.Buffer.ToArray();
            if (MqttFrame.TryRead(bytes, int.MaxValue, out MqttFrame frame, out _) == FrameStatus.Done)
            {
                string text = Describe(frame);
                _toBroker.Reader.AdvanceTo(read.Buffer.GetPosition(frame.Length));
                return text;
            }

            if (read.IsCompleted)
            {
                return "end";
            }

            _toBroker.Reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    public void Dispose()
    {
        _toClient.Writer.Complete();
        _toBroker.Reader.Complete();
    }

    private string Describe(in MqttFrame frame)
    {
        string name = frame.Type.ToString().ToUpperInvariant();
        switch (frame.Type)
        {
            case PacketType.Publish:
                PublishPacket publish = PublishPacket.Read(frame, _version, PacketSender.Client);
                return $"{name} {Encoding.UTF8.GetString(publish.Topic)} #{publish.PacketId}{(publish.Dup ? " dup" : "")}";
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp:
                return $"{name} #{AckPacket.Read(frame, _version).PacketId}";
            default:
                return name;
        }
    }

    private Task SendAsync(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return SendAsync(output.WrittenMemory);
    }

    private async Task SendAsync(ReadOnlyMemory<byte> packet) => await _toClient.Writer.WriteAsync(packet);
}
