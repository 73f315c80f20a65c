using System.Buffers;
using Broker.Connections;
using Broker.Core.Routing;
using Broker.Gateways.Mqtt;
using Broker.Gateways.PrivateTcp;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Protocols.PrivateTcp;
using Microsoft.Extensions.Logging.Abstractions;

namespace Broker.Tests.Infrastructure;

/// <summary>A client connection without a transport: the test hands bytes over in batches, and what is sent is only counted.</summary>
internal sealed class DirectConnection : IByteTransport
{
    private readonly TestBroker _broker;
    private readonly ClientConnection _connection;

    private DirectConnection(TestBroker broker, Func<ConnectionPeer, ClientConnection> create)
    {
        _broker = broker;
        _connection = create(new ConnectionPeer("test", broker.Listener, null, null));
        _connection.Start(this);
    }

    /// <summary>Sends, and the bytes in them.</summary>
    public int Sends { get; private set; }

    public long SentBytes { get; private set; }

    /// <summary>An MQTT 3.1.1 client that is connected.</summary>
    public static DirectConnection Mqtt(TestBroker broker, string clientId, bool clean = true)
    {
        var client = new DirectConnection(broker, peer => new MqttConnection(broker.Broker, peer, NullLogger.Instance));
        client.Receive(output => MqttWriter.WriteConnect(
            output, new ConnectPacket { Version = MqttVersion.V311, ClientId = clientId, CleanStart = clean }));
        return client;
    }

    /// <summary>A private-TCP device that is connected.</summary>
    public static DirectConnection Device(TestBroker broker, string clientId)
    {
        PrivateTcpSettings settings = PrivateTcpSettings.TryCreate(broker.Options.PrivateTcp, out _)!;
        var device = new DirectConnection(broker, peer => new PrivateTcpConnection(broker.Broker, peer, settings, NullLogger.Instance));
        device.Receive(output => PrivateFrameWriter.WriteConnect(new ConnectFrame { ClientId = clientId }, output));
        return device;
    }

    /// <summary>PUBLISH packets, one behind the other.</summary>
    public static byte[] Publishes(string topic, int count, Qos qos = Qos.AtMostOnce)
    {
        byte[] name = System.Text.Encoding.UTF8.GetBytes(topic);
        int size = MqttWriter.PublishSize(MqttVersion.V311, name.Length, 0, 64, qos);
        byte[] packets = new byte[count * size];
        for (int index = 0; index < count; index++)
        {
            MqttWriter.WritePublish(
                packets.AsSpan(index * size, size), MqttVersion.V311, name, new byte[64], default, qos, false, false, (ushort)(index + 1), null,
                0, default, out _);
        }

        return packets;
    }

    public void Subscribe(string filter, Qos qos = Qos.AtMostOnce) =>
        Receive(output => MqttWriter.WriteSubscribe(output, MqttVersion.V311, 1, [(filter, new SubscriptionOptions(qos))]));

    /// <summary>One batch of received bytes, in as many turns as it takes.</summary>
    public void Receive(ReadOnlySpan<byte> bytes)
    {
        do
        {
            bytes = bytes[Turn(bytes)..];
        }
        while (_connection.IsUnfinished);
    }

    /// <summary>One turn; true when another one is needed. Takes what is processed off the bytes.</summary>
    public bool Turn(ref ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[Turn(bytes)..];
        return _connection.IsUnfinished;
    }

    public void Vanish() => _connection.OnTransportEnded(CloseReason.PeerClosed);

    public int Send(ReadOnlySpan<byte> data)
    {
        Sends++;
        SentBytes += data.Length;
        return data.Length;
    }

    public void Close()
    {
    }

    public void Abort()
    {
    }

    private int Turn(ReadOnlySpan<byte> bytes)
    {
        using var batch = DeliveryBatch.Begin(_broker.Broker);
        return _connection.Receive(bytes, batch);
    }

    private void Receive(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        Receive(output.WrittenSpan);
    }
}
