using System.Buffers;
using System.Net.Sockets;
using Broker.Protocols.Mqtt;

namespace Broker.Benchmarks.Attacks;

/// <summary>
/// 15,000 connections that never get to the point, on three listeners: silent ones, some that send their CONNECT or HTTP request a byte at a
/// time, and some that do not begin TLS. A connection that is closed is opened again.
/// </summary>
internal sealed class SlowLoris(bool isLimited) : Attack
{
    private const int Connections = 15_000;
    private const int OpenedPerTick = 15;
    private const int Addresses = 250;
    private static readonly string[] Listeners = ["mqtt", "tls", "ws"];
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Drip = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(3);

    private int _open;

    public override string Name => isLimited ? "slow-loris-limited" : "slow-loris";

    public override IEnumerable<string> Settings(AttackFiles files) => isLimited
        ? Listeners.SelectMany(static listener => new[]
        {
            $"Listeners:{listener}:MaxHalfOpenConnections=2000", $"Listeners:{listener}:MaxHalfOpenConnectionsPerAddress=5",
        })
        : [];

    public override async Task RunAsync(AttackTarget target, AttackAnswers answers, CancellationToken cancellationToken)
    {
        var highest = 0;
        var all = new List<Task>(Connections);
        try
        {
            while (true)
            {
                for (var count = 0; count < OpenedPerTick && all.Count < Connections; count++)
                {
                    all.Add(StayAsync(target, answers, all.Count, cancellationToken));
                }

                await Task.Delay(Tick, cancellationToken);
                highest = Math.Max(highest, Volatile.Read(ref _open));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(all);
        }

        answers.Count($"{highest} half open at once");
    }

    private async Task StayAsync(AttackTarget target, AttackAnswers answers, int index, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                using var connection = await target.ConnectAsync(Listeners[Math.Max(0, (index % 4) - 1)], index % Addresses, cancellationToken);
                Interlocked.Increment(ref _open);
                await DripAsync(connection, BytesOf(index), cancellationToken);
                answers.Count("closed");
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                continue;
            }
            finally
            {
                Interlocked.Decrement(ref _open);
            }

            await Task.Delay(Rest, CancellationToken.None);
        }
    }

    // Until the broker closes.
    private static async Task DripAsync(AttackConnection connection, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        for (var end = ""; end != AttackConnection.Closed && !cancellationToken.IsCancellationRequested;)
        {
            if (bytes.Length > 1)
            {
                await connection.SendAsync(bytes[..1], cancellationToken);
                bytes = bytes[1..];
            }

            end = await connection.EndAsync(Drip, cancellationToken);
        }
    }

    private static ReadOnlyMemory<byte> BytesOf(int index)
    {
        var output = new ArrayBufferWriter<byte>();
        switch (index % 4)
        {
            case 1:
                MqttWriter.WriteConnect(output, AttackPackets.Connect($"loris-{index}", "healthy", "?"));
                break;
            case 3:
                output.Write("GET /mqtt HTTP/1.1\r\nHost: localhost\r\nX-Slow: "u8);
                break;
        }

        return output.WrittenMemory;
    }
}
