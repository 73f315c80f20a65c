using System.Collections.Concurrent;
using System.Net;
using Broker.Configuration;
using Broker.Core.Sessions;
using Broker.Core.Timing;
using Broker.Observability;
using Microsoft.Extensions.Logging;

namespace Broker.Core.Limits;

/// <summary>Which limits hold for whom, what has to be counted across connections for them, and who is told when one is reached.</summary>
internal sealed class LimitPolicy(BrokerOptions options, BrokerClock clock, BrokerMetrics metrics, ILogger logger)
{
    // A client that runs against a limit again and again must not fill the disk.
    private const int LinesPerSecond = 20;

    private readonly LogBudget _lines = new(clock.Time, LinesPerSecond);
    private readonly ListenerOptions _unknownListener = new();
    private readonly ConcurrentDictionary<ListenerOptions, EffectiveLimits> _ofListeners = new(ReferenceEqualityComparer.Instance);

    /// <summary>What clients have used of their budgets.</summary>
    public BudgetLedger Budgets { get; } = new(clock);

    /// <summary>Connections by Username, where they are limited.</summary>
    public Census Connections { get; } = new();

    /// <summary>Sessions by Username, where they are limited.</summary>
    public Census Sessions { get; } = new();

    /// <summary>The limits of whoever connects to a listener, as long as nobody knows who it is.</summary>
    public EffectiveLimits Of(ListenerOptions listener) =>
        _ofListeners.GetOrAdd(listener, static (listener, options) => new EffectiveLimits(listener.Limits.Over(options.Limits), options), options);

    /// <summary>The limits of a client that is authenticated.</summary>
    /// <param name="listener">The listener it has come to.</param>
    /// <param name="username">Username; null for none.</param>
    /// <param name="granted">What the authenticator says; null for nothing.</param>
    public EffectiveLimits Of(ListenerOptions listener, string? username, ClientLimits? granted)
    {
        var ofUser = username is null ? null : options.UserLimits.GetValueOrDefault(username);
        if (ofUser is null && granted is null)
        {
            return Of(listener);
        }

        var given = Of(listener).Given;
        given = ofUser?.Over(given) ?? given;
        return new EffectiveLimits(granted?.Over(given) ?? given, options);
    }

    /// <summary>The limits of a client that an earlier process has left, as far as the configuration knows them.</summary>
    public EffectiveLimits Of(ClientIdentity client) =>
        Of(options.Listeners.GetValueOrDefault(client.Listener, _unknownListener), client.Username, granted: null);

    /// <summary>What measures a client's traffic; null when none of its limits asks for that.</summary>
    public TrafficMeter? MeterFor(ClientIdentity identity, EffectiveLimits limits) => limits.IsMetered
        ? new TrafficMeter(this, identity, limits, limits.HasBudget ? Budgets.Of(identity.ClientId) : null, clock.Now)
        : null;

    /// <summary>Counts that a limit was reached.</summary>
    public void Count(LimitName limit) => metrics.LimitsReached.Add((int)limit);

    /// <summary>Counts that a client has reached a limit, and logs it.</summary>
    public void Report(ClientIdentity client, LimitName limit, string consequence) =>
        Report(client.ClientId, client.Username, client.Peer, client.Listener, limit, consequence);

    /// <summary>Counts that somebody has reached a limit, and logs it.</summary>
    public void Report(string clientId, string? username, EndPoint? peer, string listener, LimitName limit, string consequence)
    {
        Count(limit);
        if (logger.IsEnabled(LogLevel.Information) && _lines.TrySpend(out var unsaid))
        {
            logger.LimitReached(clientId, username, peer, listener, limit, consequence, unsaid);
        }
    }
}
