using System.Collections.Concurrent;
using Broker.Primitives;

namespace Broker.Observability;

/// <summary>All counters of the broker. Read by the metrics exposition and $SYS; written in batches from the hot path.</summary>
internal sealed class BrokerMetrics
{
    private readonly ConcurrentDictionary<(ClientProtocol Protocol, string Listener), StrongBox> _connections = new();
    private long _currentConnections;
    private long _mostConnections;

    /// <summary>Messages from clients, by protocol and QoS.</summary>
    public CounterVector MessagesReceived { get; } = new(TrafficCounters.Protocols * 3);

    /// <summary>Messages to clients, by protocol and QoS.</summary>
    public CounterVector MessagesSent { get; } = new(TrafficCounters.Protocols * 3);

    /// <summary>Bytes from clients, by protocol.</summary>
    public CounterVector BytesReceived { get; } = new(TrafficCounters.Protocols);

    /// <summary>Bytes to clients, by protocol.</summary>
    public CounterVector BytesSent { get; } = new(TrafficCounters.Protocols);

    /// <summary>Payload bytes of messages from clients, by protocol.</summary>
    public CounterVector PayloadBytesReceived { get; } = new(TrafficCounters.Protocols);

    /// <summary>Payload bytes of messages to clients, by protocol.</summary>
    public CounterVector PayloadBytesSent { get; } = new(TrafficCounters.Protocols);

    /// <summary>Packets from clients that carry no message, by protocol.</summary>
    public CounterVector ControlPacketsReceived { get; } = new(TrafficCounters.Protocols);

    /// <summary>Packets to clients that carry no message, by protocol.</summary>
    public CounterVector ControlPacketsSent { get; } = new(TrafficCounters.Protocols);

    /// <summary>Sessions whose Session Expiry Interval has passed.</summary>
    public CounterVector SessionsExpired { get; } = new(1);

    /// <summary>Messages that did not reach a receiver, by <see cref="DropReason"/>.</summary>
    public CounterVector MessagesDropped { get; } = new(Enum.GetValues<DropReason>().Length);

    /// <summary>Connections that ended, by <see cref="CloseReason"/>.</summary>
    public CounterVector ConnectionsClosed { get; } = new(Enum.GetValues<CloseReason>().Length);

    /// <summary>Authentication attempts by outcome (numeric value of Core's outcome).</summary>
    public CounterVector Authentications { get; } = new(16);

    /// <summary>What access rules refused, by action (numeric value of Core's action).</summary>
    public CounterVector AuthorizationDenials { get; } = new(3);

    /// <summary>Decisions that would be others if shadow rules were enforced, by action.</summary>
    public CounterVector ShadowDecisions { get; } = new(3);

    /// <summary>Limits that clients have reached, by <see cref="LimitName"/>.</summary>
    public CounterVector LimitsReached { get; } = new(Enum.GetValues<LimitName>().Length);

    /// <summary>Connections that each listener has turned away: limits, access rules, bans, unknown bytes. Filled at the start.</summary>
    public Dictionary<string, Func<long>> RefusedByListener { get; } = [];

    /// <summary>What the durable store counts.</summary>
    public StorageMetrics Storage { get; } = new();

    /// <summary>Established connections by protocol and listener: now, and since the start.</summary>
    public IEnumerable<(ClientProtocol Protocol, string Listener, long Current, long Total)> Connections =>
        _connections.Select(static pair => (pair.Key.Protocol, pair.Key.Listener, Volatile.Read(ref pair.Value.Current), Volatile.Read(ref pair.Value.Total)));

    /// <summary>Established connections now.</summary>
    public long CurrentConnections => Volatile.Read(ref _currentConnections);

    /// <summary>Most established connections that there were at once.</summary>
    public long MostConnections => Volatile.Read(ref _mostConnections);

    /// <summary>Index of a protocol in counters that are split by protocol.</summary>
    public static int ProtocolIndex(ClientProtocol protocol) => protocol == ClientProtocol.PrivateTcp ? 1 : 0;

    /// <summary>A client is connected and authenticated.</summary>
    public void ConnectionOpened(ClientProtocol protocol, string listener)
    {
        var box = _connections.GetOrAdd((protocol, listener), static _ => new StrongBox());
        Interlocked.Increment(ref box.Current);
        Interlocked.Increment(ref box.Total);
        var current = Interlocked.Increment(ref _currentConnections);
        var most = Volatile.Read(ref _mostConnections);
        while (current > most)
        {
            var seen = Interlocked.CompareExchange(ref _mostConnections, current, most);
            most = seen == most ? current : seen;
        }
    }

    /// <summary>A client that was connected is gone.</summary>
    public void ConnectionClosed(ClientProtocol protocol, string listener)
    {
        Interlocked.Decrement(ref _connections[(protocol, listener)].Current);
        Interlocked.Decrement(ref _currentConnections);
    }

    private sealed class StrongBox
    {
        public long Current;
        public long Total;
    }
}
