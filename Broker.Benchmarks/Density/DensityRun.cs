using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Broker.Benchmarks.EndToEnd;
using Broker.Configuration;
using Broker.Connections;
using Broker.Core;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Protocols.PrivateTcp;

namespace Broker.Benchmarks.Density;

/// <summary>
/// `density`: how much memory idle connections take, each with a session and one subscription, beyond the number of descriptors that a
/// machine allows: they are in memory, so what is missing is the socket of the transport (about 100 bytes) and of the kernel.
/// </summary>
internal static class DensityRun
{
    private static readonly ListenerOptions Listener = new();

    /// <summary>Runs; `--connections N` of each protocol, 200,000 by default.</summary>
    public static int Run(string[] args)
    {
        var count = args is ["--connections", var given] ? int.Parse(given, CultureInfo.InvariantCulture) : 200_000;
        Measure("warm-up", 1000, WriteMqtt, MemoryLink.Mqtt);
        Measure("MQTT", count, WriteMqtt, MemoryLink.Mqtt);
        Measure("private TCP", count, WriteDevice, MemoryLink.Device);
        return 0;
    }

    private static void Measure(
        string name, int count, Action<IBufferWriter<byte>, string> writeGreeting, Func<MessageBroker, ConnectionPeer, MemoryLink> create)
    {
        using var broker = BenchmarkBroker.Create();
        var links = new MemoryLink[count];
        var greeting = new ArrayBufferWriter<byte>();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        long allocated = 0;
        var clock = new Stopwatch();
        for (var index = 0; index < count; index++)
        {
            greeting.ResetWrittenCount();
            writeGreeting(greeting, string.Create(CultureInfo.InvariantCulture, $"device-{index:000000}"));
            var start = GC.GetAllocatedBytesForCurrentThread();
            clock.Start();
            links[index] = create(broker, PeerOf(index));
            links[index].Receive(greeting.WrittenSpan);
            clock.Stop();
            allocated += GC.GetAllocatedBytesForCurrentThread() - start;
        }

        var after = GC.GetTotalMemory(forceFullCollection: true);
        if (broker.Sessions.Count != count || broker.Subscriptions.Count != count)
        {
            throw new InvalidOperationException($"{broker.Sessions.Count} sessions and {broker.Subscriptions.Count} subscriptions instead of {count}.");
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {count} connections, {(double)(after - before) / count:0} bytes each; made with {(double)allocated / count:0} bytes and {clock.Elapsed.TotalMicroseconds / count:0.0} µs each"));
        GC.KeepAlive(links);
    }

    private static ConnectionPeer PeerOf(int index) => new("memory", Listener, new IPEndPoint(0x0100000A + (index >> 15 << 24), 1024 + (index & 0x7FFF)), null);

    private static void WriteMqtt(IBufferWriter<byte> output, string clientId)
    {
        MqttWriter.WriteConnect(output, new ConnectPacket { Version = MqttVersion.V311, ClientId = clientId, CleanStart = true, KeepAlive = 60 });
        MqttWriter.WriteSubscribe(output, MqttVersion.V311, 1, [($"fleet/{clientId}/down", new SubscriptionOptions(Qos.AtMostOnce))]);
    }

    // Its subscription is the gateway's, to its downlink topic.
    private static void WriteDevice(IBufferWriter<byte> output, string clientId) =>
        PrivateFrameWriter.WriteConnect(new ConnectFrame { ClientId = clientId }, output);
}
