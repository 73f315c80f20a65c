using Broker.Configuration;

namespace Broker.Transports;

/// <summary>One listener at run time: its name and options, and what admission has to count.</summary>
internal sealed class ListenerContext
{
    private int _currentConnections;
    private long _acceptedConnections;
    private long _refusedConnections;

    /// <exception cref="FormatException">An access rule or a trusted peer cannot be read.</exception>
    public ListenerContext(string name, ListenerOptions options, TimeProvider timeProvider)
    {
        Name = name;
        Options = options;
        AccessRules = AccessRules.Parse(options.AccessRules);
        ProxyTrustedPeers = AddressRanges.ParseTrustedPeers(options.ProxyProtocolTrustedPeers);
        ConnectionRate = new ConnectionRateLimiter(options.MaxConnectionsPerSecond, timeProvider);
    }

    public string Name { get; }

    public ListenerOptions Options { get; }

    /// <summary>True for the operators' HTTP listener, whose <see cref="ListenerOptions.Protocol"/> means nothing.</summary>
    public bool IsAdmin { get; init; }

    /// <summary>Longest wait for the bytes that tell what a connection speaks.</summary>
    public TimeSpan DetectionTimeout { get; init; } = TimeSpan.FromSeconds(15);

    public AccessRules AccessRules { get; }

    public AddressRanges ProxyTrustedPeers { get; }

    public ConnectionRateLimiter ConnectionRate { get; }

    public int CurrentConnections => Volatile.Read(ref _currentConnections);

    /// <summary>Connections that passed admission since start.</summary>
    public long AcceptedConnections => Interlocked.Read(ref _acceptedConnections);

    /// <summary>Connections closed before a protocol took them: limits, access rules, PROXY protocol, unknown bytes.</summary>
    public long RefusedConnections => Interlocked.Read(ref _refusedConnections);

    /// <summary>Counts a connection in; false when the listener is full, and then nothing is counted.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _currentConnections) <= Options.MaxConnections)
        {
            return true;
        }
        Interlocked.Decrement(ref _currentConnections);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _currentConnections);

    public void CountAccepted() => Interlocked.Increment(ref _acceptedConnections);

    public void CountRefused() => Interlocked.Increment(ref _refusedConnections);
}
