using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Broker.Benchmarks.Attacks;

/// <summary>
/// What a machine that others use too does to anybody: messages at the healthy pair's rate go over sockets through a thread that does nothing
/// but hand them on. Where these are late, the broker is not to blame.
/// </summary>
internal sealed class ControlRelay : IDisposable
{
    private const int PeriodMilliseconds = 25;

    private readonly Lock _gate = new();
    private readonly (Socket Near, Socket Far) _in = Pair();
    private readonly (Socket Near, Socket Far) _out = Pair();
    private readonly Thread[] _threads;
    private Measured? _measured;
    private volatile bool _ended;

    public ControlRelay() => _threads = [Start(Send), Start(Relay), Start(Receive)];

    /// <summary>Where latencies are counted from now on; null for nowhere.</summary>
    public void Measure(Measured? measured)
    {
        lock (_gate)
        {
            _measured = measured;
        }
    }

    public void Dispose()
    {
        _ended = true;
        foreach (var socket in new[] { _in.Near, _in.Far, _out.Near, _out.Far })
        {
            socket.Dispose();
        }

        foreach (var thread in _threads)
        {
            thread.Join();
        }
    }

    private static (Socket Near, Socket Far) Pair()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var near = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.Connect(listener.LocalEndpoint);
        var far = listener.AcceptSocket();
        far.NoDelay = true;
        return (near, far);
    }

    private Thread Start(Action<byte[]> step)
    {
        var thread = new Thread(() => Repeat(step)) { IsBackground = true };
        thread.Start();
        return thread;
    }

    private void Repeat(Action<byte[]> step)
    {
        var message = new byte[sizeof(long)];
        try
        {
            while (!_ended)
            {
                step(message);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // it is over
        }
    }

    private void Send(byte[] message)
    {
        Thread.Sleep(PeriodMilliseconds);
        BinaryPrimitives.WriteInt64LittleEndian(message, Stopwatch.GetTimestamp());
        _in.Near.Send(message);
    }

    private void Relay(byte[] message)
    {
        _in.Far.Receive(message);
        _out.Near.Send(message);
    }

    private void Receive(byte[] message)
    {
        _out.Far.Receive(message);
        var elapsed = Stopwatch.GetElapsedTime(BinaryPrimitives.ReadInt64LittleEndian(message));
        lock (_gate)
        {
            _measured?.Messages.Add((long)elapsed.TotalNanoseconds);
        }
    }
}
