using System.Buffers.Binary;

namespace Broker.Cli.Bench;

/// <summary>A connection that sends messages to one topic, or to several in turn. Guarded by the flow's gate.</summary>
internal sealed class LoadProducer(LoadFlow flow, LoadConnection connection, LoadStream[] streams, PacketIdentifiers? identifiers)
{
    private const int MaximumPendingBytes = 256 * 1024;
    private const int ClockEvery = 64;

    private int _cursor;

    public LoadConnection Connection => connection;

    /// <summary>Identifiers in flight; null at QoS 0.</summary>
    public PacketIdentifiers? Identifiers => identifiers;

    /// <summary>True while it waits to be pumped.</summary>
    public bool IsQueued { get; set; }

    /// <summary>Room below which a flood does not bother to send: a quarter of the window.</summary>
    public int Batch { get; set; } = 1;

    /// <summary>True when enough room has come up for a flood to go on.</summary>
    public bool IsWorthPumping => HasRoom && (streams.Length > 1 || streams[0].Window is not { } window || window.Free >= Batch);

    private bool HasRoom =>
        !connection.IsLost && connection.PendingBytes < MaximumPendingBytes && identifiers is not { Free: <= 0 };

    /// <summary>Sends all that there is room for.</summary>
    public void Pump()
    {
        var now = flow.Now;
        for (var sent = 1; HasRoom && TryPick(out var stream); sent++)
        {
            Send(stream, now);
            now = sent % ClockEvery == 0 ? flow.Now : now;
        }
    }

    /// <summary>Sends one message if there is room.</summary>
    public bool TrySend(long now)
    {
        if (!HasRoom || !TryPick(out var stream))
        {
            return false;
        }

        Send(stream, now);
        return true;
    }

    private bool TryPick(out LoadStream stream)
    {
        stream = streams[_cursor];
        for (var tries = 0; tries < streams.Length; tries++)
        {
            stream = streams[_cursor];
            _cursor = _cursor + 1 == streams.Length ? 0 : _cursor + 1;
            if (stream.IsReady)
            {
                return true;
            }
        }

        return false;
    }

    private void Send(LoadStream stream, long now)
    {
        var place = connection.Extend(stream.Frame.Length);
        stream.Frame.CopyTo(place);
        if (identifiers is not null)
        {
            BinaryPrimitives.WriteUInt16BigEndian(place[stream.PacketIdOffset..], identifiers.Take(now));
        }

        new MessageStamp(flow.Run, stream.Index, stream.Next, now).Write(place[stream.PayloadOffset..]);
        stream.Next++;
        stream.Window?.Add();
        flow.Counters.Sent++;
        flow.Counters.Expected += stream.Receivers;
    }
}
