using System.Buffers;
using Broker.Configuration;
using Broker.Connections;
using Broker.Core;
using Broker.Core.Routing;
using Broker.Gateways.Mqtt;
using Broker.Gateways.PrivateTcp;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Protocols.PrivateTcp;
using Microsoft.Extensions.Logging.Abstractions;

namespace Broker.Benchmarks.EndToEnd;

/// <summary>A client in memory: bytes are handed over in batches, and what it is sent is counted and forgotten.</summary>
internal sealed class MemoryLink : IByteTransport
{
    private readonly MessageBroker _broker;
    private readonly ClientConnection _connection;

    private MemoryLink(MessageBroker broker, ClientConnection connection)
    {
        _broker = broker;
        _connection = connection;
        connection.Start(this);
    }

    /// <summary>Bytes that the broker has sent.</summary>
    public long SentBytes { get; private set; }

    private static PrivateTcpSettings Settings { get; } = PrivateTcpSettings.TryCreate(BenchmarkBroker.Options.PrivateTcp, out _)!;

    private static ConnectionPeer Peer { get; } = new("memory", new ListenerOptions(), null, null);

    /// <summary>An MQTT client, subscribed where a filter is given.</summary>
    public static MemoryLink Mqtt(MessageBroker broker, string clientId, string? filter = null, Qos qos = Qos.AtMostOnce)
    {
        var link = Mqtt(broker, Peer);
        link.Receive(output => MqttWriter.WriteConnect(
            output, new ConnectPacket { Version = MqttVersion.V311, ClientId = clientId, CleanStart = true }));
        if (filter is not null)
        {
            link.Receive(output => MqttWriter.WriteSubscribe(output, MqttVersion.V311, 1, [(filter, new SubscriptionOptions(qos))]));
        }

        return link;
    }

    /// <summary>A connection on which an MQTT client has yet to say who it is.</summary>
    public static MemoryLink Mqtt(MessageBroker broker, ConnectionPeer peer) =>
        new(broker, new MqttConnection(broker, peer, NullLogger.Instance));

    /// <summary>A connection on which a private-TCP device has yet to say who it is.</summary>
    public static MemoryLink Device(MessageBroker broker, ConnectionPeer peer) =>
        new(broker, new PrivateTcpConnection(broker, peer, Settings, NullLogger.Instance));

    /// <summary>A private-TCP device.</summary>
    public static MemoryLink Device(MessageBroker broker, string clientId)
    {
        var link = Device(broker, Peer);
        link.Receive(output => PrivateFrameWriter.WriteConnect(new ConnectFrame { ClientId = clientId }, output));
        return link;
    }

    /// <summary>One batch of received bytes, in as many turns as it takes.</summary>
    public void Receive(ReadOnlySpan<byte> bytes)
    {
        do
        {
            using var batch = DeliveryBatch.Begin(_broker);
            bytes = bytes[_connection.Receive(bytes, batch)..];
        }
        while (_connection.IsUnfinished);
    }

    public int Send(ReadOnlySpan<byte> data)
    {
        SentBytes += data.Length;
        return data.Length;
    }

    public void Close()
    {
    }

    public void Abort()
    {
    }

    private void Receive(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        Receive(output.WrittenSpan);
    }
}
