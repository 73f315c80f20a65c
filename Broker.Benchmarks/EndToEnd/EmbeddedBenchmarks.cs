using System.Globalization;
using BenchmarkDotNet.Attributes;
using Broker.Core;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Protocols.PrivateTcp;

namespace Broker.Benchmarks.EndToEnd;

/// <summary>
/// The whole broker without sockets: a received batch of publishes is parsed, routed, encoded once and appended to all subscribers, which
/// are flushed once. Figures are per message, 64 bytes of payload.
/// </summary>
[MemoryDiagnoser]
public class EmbeddedBenchmarks
{
    private const int Batch = 100;

    private MessageBroker _broker = null!;
    private MemoryLink _publisher = null!;
    private MemoryLink _device = null!;
    private byte[] _publishes = [];
    private byte[] _uplinks = [];

    [Params(1, 10, 500)]
    public int Subscribers { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _broker = BenchmarkBroker.Create();
        for (var index = 0; index < Subscribers; index++)
        {
            var name = index.ToString(CultureInfo.InvariantCulture);
            MemoryLink.Mqtt(_broker, "s" + name, "home/+/temperature");
            MemoryLink.Mqtt(_broker, "u" + name, "tcp/+/up");
        }

        _publisher = MemoryLink.Mqtt(_broker, "publisher");
        _device = MemoryLink.Device(_broker, "device");
        _publishes = Publishes();
        _uplinks = new byte[Batch * (PrivateFrame.HeaderLength + 64)];
        for (var at = 0; at < _uplinks.Length; at += PrivateFrame.HeaderLength + 64)
        {
            PrivateFrameWriter.WriteDataTransHeader(_uplinks.AsSpan(at), 64);
        }
    }

    [GlobalCleanup]
    public void Cleanup() => _broker.Dispose();

    /// <summary>PUBLISH at QoS 0 to MQTT subscribers.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public void MqttToMqtt() => _publisher.Receive(_publishes);

    /// <summary>A device's uplink to MQTT subscribers.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public void DeviceToMqtt() => _device.Receive(_uplinks);

    private static byte[] Publishes()
    {
        var topic = "home/kitchen/temperature"u8;
        var size = MqttWriter.PublishSize(MqttVersion.V311, topic.Length, 0, 64, Qos.AtMostOnce);
        var packets = new byte[Batch * size];
        for (var at = 0; at < packets.Length; at += size)
        {
            MqttWriter.WritePublish(
                packets.AsSpan(at, size), MqttVersion.V311, topic, new byte[64], default, Qos.AtMostOnce, false, false, 0, null, 0, default,
                out _);
        }

        return packets;
    }
}
