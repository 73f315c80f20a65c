using System.Collections.Concurrent;
using Broker.Configuration;
using Broker.Connections;
using Broker.Core;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Broker.Gateways.PrivateTcp;

/// <summary>Serves EMQ X's private TCP protocol, both dialects, on connections that a transport hands over.</summary>
internal sealed class PrivateTcpGateway(MessageBroker broker, ILogger<PrivateTcpGateway> logger)
{
    private readonly ConcurrentDictionary<PrivateTcpOptions, PrivateTcpSettings> _settings = new(ReferenceEqualityComparer.Instance);

    /// <summary>What is wrong with a listener's settings; null when they can be served.</summary>
    public static string? FindFault(PrivateTcpOptions options)
    {
        _ = PrivateTcpSettings.TryCreate(options, out var fault);
        return fault;
    }

    /// <summary>Serves one connection until it ends.</summary>
    /// <exception cref="InvalidOperationException">The settings have a fault that <see cref="FindFault"/> reports.</exception>
    public Task ServeAsync(ConnectionContext context, ConnectionPeer peer) => PipeTransport.RunAsync(context, Create(peer), broker);

    /// <summary>A connection for a transport that feeds it by itself.</summary>
    /// <exception cref="InvalidOperationException">The settings have a fault that <see cref="FindFault"/> reports.</exception>
    public ClientConnection Create(ConnectionPeer peer)
    {
        var settings = _settings.GetOrAdd(peer.Options.PrivateTcp ?? broker.Options.PrivateTcp, Parse);
        return new PrivateTcpConnection(broker, peer, settings, logger);
    }

    private static PrivateTcpSettings Parse(PrivateTcpOptions options) =>
        PrivateTcpSettings.TryCreate(options, out var fault) ?? throw new InvalidOperationException(fault);
}
