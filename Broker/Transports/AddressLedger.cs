using System.Net;
using System.Runtime.InteropServices;
using Broker.Configuration;
using Broker.Primitives;

namespace Broker.Transports;

/// <summary>
/// Connections of one listener by address, and those that have not said yet who they are: whoever opens connections and leaves them at that
/// takes no more than its share, and all of them together leave room for others.
/// </summary>
internal sealed class AddressLedger(ListenerOptions options, TimeProvider timeProvider)
{
    // An address without connections is remembered for its rate only; a second later it is like new.
    private const int ManyAddresses = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<AddressKey, Entry> _addresses = [];
    private int _halfOpen;
    private int _cleanAt = ManyAddresses;

    /// <summary>True when the options ask for something that has to be counted here.</summary>
    public static bool IsNeeded(ListenerOptions options) =>
        options.MaxConnectionsPerAddress > 0 || options.MaxConnectionsPerSecondPerAddress > 0
        || options.MaxHalfOpenConnections > 0 || options.MaxHalfOpenConnectionsPerAddress > 0;

    /// <summary>Addresses that are remembered.</summary>
    public int Addresses
    {
        get
        {
            lock (_gate)
            {
                return _addresses.Count;
            }
        }
    }

    /// <summary>Counts a connection in. Returns why it is refused, and then counts nothing; null when it is not.</summary>
    public string? Enter(IPAddress address, out AdmissionTicket? ticket)
    {
        ticket = null;
        var key = AddressKey.Of(address);
        lock (_gate)
        {
            Clean();
            ref Entry? entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_addresses, key, out _);
            entry ??= new Entry(options, timeProvider);
            if (Refusal(entry) is { } refusal)
            {
                return refusal;
            }
            entry.Connections++;
            entry.HalfOpen++;
            _halfOpen++;
        }
        ticket = new AdmissionTicket(this, key);
        return null;
    }

    /// <summary>A connection is half open no longer.</summary>
    public void OnEstablished(AddressKey address)
    {
        lock (_gate)
        {
            _addresses[address].HalfOpen--;
            _halfOpen--;
        }
    }

    /// <summary>A connection has ended.</summary>
    public void Leave(AddressKey address)
    {
        lock (_gate)
        {
            Entry entry = _addresses[address];
            entry.Connections--;
            if (entry is { Connections: 0, Rate: null })
            {
                _addresses.Remove(address);
            }
        }
    }

    private string? Refusal(Entry entry)
    {
        if (options.MaxHalfOpenConnections > 0 && _halfOpen >= options.MaxHalfOpenConnections)
        {
            return "the listener has its maximum of connections without CONNECT (limit MaxHalfOpenConnections)";
        }
        if (options.MaxHalfOpenConnectionsPerAddress > 0 && entry.HalfOpen >= options.MaxHalfOpenConnectionsPerAddress)
        {
            return "its address has its maximum of connections without CONNECT (limit MaxHalfOpenConnectionsPerAddress)";
        }
        if (options.MaxConnectionsPerAddress > 0 && entry.Connections >= options.MaxConnectionsPerAddress)
        {
            return "its address has its maximum of connections (limit MaxConnectionsPerAddress)";
        }
        return entry.Rate?.TryAcquire(out _) == false
            ? "its address connects too often (limit MaxConnectionsPerSecondPerAddress)"
            : null;
    }

    // Looked for each time their number has doubled.
    private void Clean()
    {
        if (_addresses.Count < _cleanAt)
        {
            return;
        }
        foreach ((AddressKey key, Entry entry) in _addresses)
        {
            if (entry is { Connections: 0, Rate: null or { IsFull: true } })
            {
                _addresses.Remove(key);
            }
        }
        _cleanAt = Math.Max(ManyAddresses, _addresses.Count * 2);
    }

    private sealed class Entry(ListenerOptions options, TimeProvider timeProvider)
    {
        public int Connections { get; set; }

        public int HalfOpen { get; set; }

        public ConnectionRateLimiter? Rate { get; } = options.MaxConnectionsPerSecondPerAddress > 0
            ? new ConnectionRateLimiter(options.MaxConnectionsPerSecondPerAddress, timeProvider)
            : null;
    }
}
