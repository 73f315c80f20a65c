using BenchmarkDotNet.Attributes;
using Broker.Primitives;
using Broker.Protocols.Mqtt;

namespace Broker.Benchmarks.Codec;

/// <summary>Parsing and writing one PUBLISH of 64 bytes.</summary>
[MemoryDiagnoser]
public class PublishCodecBenchmarks
{
    private readonly byte[] _topic = "fleet/42/telemetry"u8.ToArray();
    private readonly byte[] _payload = new byte[64];
    private byte[] _packet = [];
    private MqttVersion _version;

    [Params(4, 5)]
    public int Version { get; set; }

    [Params(0, 1)]
    public int Qos { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _version = (MqttVersion)Version;
        _packet = new byte[MqttWriter.PublishSize(_version, _topic.Length, 0, _payload.Length, (Qos)Qos)];
        Write();
    }

    [Benchmark]
    public void Write() => MqttWriter.WritePublish(
        _packet, _version, _topic, _payload, default, (Qos)Qos, false, false, 1, null, 0, default, out _);

    [Benchmark]
    public int Parse()
    {
        MqttFrame.TryRead(_packet, int.MaxValue, out var frame, out _);
        return PublishPacket.Read(frame, _version).Payload.Length;
    }
}
