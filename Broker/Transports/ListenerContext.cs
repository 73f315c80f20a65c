using System.Net;
using Broker.Configuration;
using Broker.Observability;
using Microsoft.Extensions.Logging;

namespace Broker.Transports;

/// <summary>One listener at run time: its name and options, and what admission has to count.</summary>
internal sealed class ListenerContext
{
    // Whoever is turned away again and again must not fill the disk.
    private const int LinesPerSecond = 20;

    private readonly LogBudget _lines;
    private int _currentConnections;
    private long _acceptedConnections;
    private long _refusedConnections;

    /// <exception cref="FormatException">An access rule or a trusted peer cannot be read.</exception>
    public ListenerContext(string name, ListenerOptions options, TimeProvider timeProvider)
    {
        Name = name;
        Options = options;
        _lines = new LogBudget(timeProvider, LinesPerSecond);
        AccessRules = AccessRules.Parse(options.AccessRules);
        ProxyTrustedPeers = AddressRanges.ParseTrustedPeers(options.ProxyProtocolTrustedPeers);
        Addresses = AddressLedger.IsNeeded(options) ? new AddressLedger(options, timeProvider) : null;
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

    /// <summary>Connections by address; null when nothing of that is limited.</summary>
    public AddressLedger? Addresses { get; }

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

    /// <summary>
    /// Decides about the client's real address, before anything is read or answered: access rules, then those who are banned or throttled, then
    /// the limits by address. Returns why it is refused; null when it is not.
    /// </summary>
    /// <param name="client">The address; null when it is not known.</param>
    /// <param name="gate">Who is banned or throttled. The operators' own listener does not ask it.</param>
    /// <param name="ticket">What to give back when the connection ends; null for nothing.</param>
    public string? Admit(IPAddress? client, IAddressGate? gate, out AdmissionTicket? ticket)
    {
        ticket = null;
        if (client is null)
        {
            return null;
        }
        if (!AccessRules.Allows(client))
        {
            return "denied by the listener's access rules";
        }
        return (IsAdmin ? null : gate?.RefusalOf(client)) ?? Addresses?.Enter(client, out ticket);
    }

    public void Leave() => Interlocked.Decrement(ref _currentConnections);

    public void CountAccepted() => Interlocked.Increment(ref _acceptedConnections);

    /// <summary>Counts a connection that is turned away, and logs why.</summary>
    public void Refuse(ILogger logger, EndPoint? peer, string reason)
    {
        CountRefused();
        if (logger.IsEnabled(LogLevel.Information) && _lines.TrySpend(out int unsaid))
        {
            logger.ConnectionRefused(Name, peer, reason, unsaid);
        }
    }

    public void CountRefused() => Interlocked.Increment(ref _refusedConnections);
}
