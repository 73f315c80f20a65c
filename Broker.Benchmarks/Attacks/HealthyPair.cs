using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using Broker.Primitives;
using Broker.Protocols.Mqtt;

namespace Broker.Benchmarks.Attacks;

/// <summary>
/// Two clients that mean well: 20 messages a second at QoS 0 and as many at QoS 1 go from one to the other. A third logs in every second.
/// What they notice of an attack is measured.
/// </summary>
internal sealed class HealthyPair : IDisposable
{
    private const string Topic = "healthy/values";
    private const int PeriodMilliseconds = 25;
    private const int FinishMilliseconds = 5000;

    private readonly HealthyClient _subscriber;
    private readonly HealthyClient _publisher;
    private readonly int _port;
    private readonly Lock _gate = new();
    private readonly Thread[] _threads;
    private Measured? _measured;
    private int _missing;
    private volatile bool _ended;
    private volatile string? _fault;

    public HealthyPair(int port)
    {
        _port = port;
        _subscriber = HealthyClient.Connect(port, "healthy-subscriber");
        _subscriber.Send(AttackPackets.Subscribe(1, Topic));
        _subscriber.Read(static (in MqttFrame frame) => frame.Type);
        _publisher = HealthyClient.Connect(port, "healthy-publisher");
        _threads = [Start(Publish), Start(Receive), Start(LogIn)];
    }

    /// <summary>What went wrong for them; null when nothing did.</summary>
    public string? Fault => _fault;

    /// <summary>Messages sent and not received.</summary>
    public int Missing => Volatile.Read(ref _missing);

    /// <summary>Where latencies are counted from now on; null for nowhere.</summary>
    public void Measure(Measured? measured)
    {
        lock (_gate)
        {
            _measured = measured;
        }
    }

    /// <summary>Sends no more and waits a while for what is under way.</summary>
    public void Finish()
    {
        _ended = true;
        for (var waited = 0; waited < FinishMilliseconds && Missing > 0; waited += PeriodMilliseconds)
        {
            Thread.Sleep(PeriodMilliseconds);
        }
    }

    public void Dispose()
    {
        _ended = true;
        _publisher.Dispose();
        _subscriber.Dispose();
        foreach (var thread in _threads)
        {
            thread.Join();
        }
    }

    private Thread Start(Action work)
    {
        var thread = new Thread(() => Guarded(work)) { IsBackground = true };
        thread.Start();
        return thread;
    }

    private void Guarded(Action work)
    {
        try
        {
            work();
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException)
        {
            _fault ??= _ended ? null : error.Message;
        }
    }

    private void Publish()
    {
        var payload = new byte[sizeof(long)];
        var started = Stopwatch.GetTimestamp();
        for (var index = 0; !_ended; index++)
        {
            var wait = (index * PeriodMilliseconds) - Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            Thread.Sleep(Math.Max(0, (int)wait));
            var isAcknowledged = index % 2 == 1;
            BinaryPrimitives.WriteInt64LittleEndian(payload, Stopwatch.GetTimestamp());
            Interlocked.Increment(ref _missing);
            _publisher.Send(AttackPackets.Publish(
                Topic, payload, isAcknowledged ? Qos.AtLeastOnce : Qos.AtMostOnce, isAcknowledged ? (ushort)(1 + (index % 60_000)) : (ushort)0));
            _publisher.Drain();
        }
    }

    private void Receive()
    {
        var acknowledgement = new byte[MqttWriter.MaximumAckSize];
        while (!_ended || Missing > 0)
        {
            var (sentAt, packetId) = _subscriber.Read(static (in MqttFrame frame) =>
            {
                var packet = PublishPacket.Read(frame, MqttVersion.V5, PacketSender.Server);
                return (BinaryPrimitives.ReadInt64LittleEndian(packet.Payload), packet.Qos == Qos.AtMostOnce ? (ushort)0 : packet.PacketId);
            });
            lock (_gate)
            {
                _measured?.Messages.Add((long)Stopwatch.GetElapsedTime(sentAt).TotalNanoseconds);
            }

            Interlocked.Decrement(ref _missing);
            if (packetId > 0)
            {
                var length = MqttWriter.WriteAck(acknowledgement, PacketType.PubAck, MqttVersion.V5, packetId, ReasonCode.Success);
                _subscriber.Send(acknowledgement.AsSpan(0, length));
            }
        }
    }

    private void LogIn()
    {
        while (!_ended)
        {
            var started = Stopwatch.GetTimestamp();
            using (HealthyClient.Connect(_port, "healthy-visitor"))
            {
                lock (_gate)
                {
                    _measured?.Logins.Add((long)Stopwatch.GetElapsedTime(started).TotalNanoseconds);
                }
            }

            Thread.Sleep(1000);
        }
    }
}
