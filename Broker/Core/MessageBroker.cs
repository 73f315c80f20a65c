using System.Collections.Frozen;
using Broker.Configuration;
using Broker.Core.Limits;
using Broker.Core.Ports;
using Broker.Core.Retained;
using Broker.Core.Routing;
using Broker.Core.Sessions;
using Broker.Core.Timing;
using Broker.Core.Topics;
using Broker.Core.Wills;
using Broker.Observability;
using Broker.Primitives;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Broker.Core;

/// <summary>The hearth: everything that gateways share. Knows neither sockets nor wire bytes.</summary>
internal sealed class MessageBroker : IDisposable
{
    public MessageBroker(
        BrokerOptions options,
        TimeProvider time,
        BrokerMetrics metrics,
        IAuthenticator authenticator,
        IAuthorizer authorizer,
        IStore store,
        IEnumerable<IEnhancedAuthenticator>? enhancedAuthenticators = null,
        ILogger<MessageBroker>? logger = null)
    {
        Log = logger ?? NullLogger<MessageBroker>.Instance;
        EnhancedAuthenticators = (enhancedAuthenticators ?? []).ToFrozenDictionary(static each => each.Method, StringComparer.Ordinal);
        Options = options;
        Metrics = metrics;
        Authenticator = authenticator;
        Authorizer = authorizer;
        Clock = new BrokerClock(time);
        Wheel = new TimerWheel(Clock);
        Store = store;
        logger ??= NullLogger<MessageBroker>.Instance;
        Limits = new LimitPolicy(options, Clock, metrics, logger);
        Admission = new ConnectAdmission(options.Admission, Clock, Wheel);
        Memory = new MemoryGuard(options.Admission, Clock, Wheel, logger);
        Retained = new RetainedStore(Clock, Wheel, store, options.Retained);
        Router = new Router(Subscriptions, Retained, store, new DurabilityRules(options.Storage));
        Sessions = new SessionRegistry(this);
    }

    /// <summary>Configuration.</summary>
    public BrokerOptions Options { get; }

    /// <summary>What Core itself has to say.</summary>
    public ILogger Log { get; }

    /// <summary>Counters.</summary>
    public BrokerMetrics Metrics { get; }

    /// <summary>Who may connect.</summary>
    public IAuthenticator Authenticator { get; }

    /// <summary>Authentication in several steps, by Authentication Method.</summary>
    public FrozenDictionary<string, IEnhancedAuthenticator> EnhancedAuthenticators { get; }

    /// <summary>Who may do what.</summary>
    public IAuthorizer Authorizer { get; }

    /// <summary>What outlives the process.</summary>
    public IStore Store { get; }

    /// <summary>Monotonic clock.</summary>
    public BrokerClock Clock { get; }

    /// <summary>All deadlines.</summary>
    public TimerWheel Wheel { get; }

    /// <summary>What clients may use.</summary>
    public LimitPolicy Limits { get; }

    /// <summary>When a CONNECT is handled.</summary>
    public ConnectAdmission Admission { get; }

    /// <summary>Whether there is memory for more.</summary>
    public MemoryGuard Memory { get; }

    /// <summary>All subscriptions.</summary>
    public SubscriptionTree Subscriptions { get; } = new();

    /// <summary>Retained messages.</summary>
    public RetainedStore Retained { get; }

    /// <summary>Takes publications to their receivers.</summary>
    public Router Router { get; }

    /// <summary>What waits in all queues together.</summary>
    public QueueTotals Queues { get; } = new();

    /// <summary>All sessions.</summary>
    public SessionRegistry Sessions { get; }

    /// <summary>Takes over what the store has. Called once, before the first connection.</summary>
    public void Restore()
    {
        Store.Open(Clock);
        Retained.Restore(Store.LoadRetained());
        foreach (var stored in Store.LoadSessions())
        {
            Sessions.Restore(stored);
        }

        foreach (var session in Sessions.All)
        {
            session.Resume();
        }
    }

    /// <summary>Publishes a Will, if its owner may publish there; does nothing without one.</summary>
    public void PublishWill(ClientIdentity owner, Will? will)
    {
        if (will is null)
        {
            return;
        }

        var message = will.Message;
        using var batch = DeliveryBatch.Begin(this);
        if (!Authorizer.IsAllowed(owner, TopicAction.Publish, message.Topic.Span, message.Qos, message.Retain))
        {
            batch.Traffic.Dropped(DropReason.NotAuthorized);
            return;
        }

        if (!MayRetain(owner, message.Topic.Span, message.Size, message.Retain && message.Payload.Length > 0, will.Limits ?? Limits.Of(owner)))
        {
            batch.Traffic.Dropped(DropReason.LimitReached);
            return;
        }

        Router.Publish(Publication.Of(message.WithExpiry(batch.ExpiresAt(will.ExpirySeconds))), batch);
    }

    /// <summary>True when a message need not be retained, or may be as far as the limits go. A limit that is reached is reported.</summary>
    public bool MayRetain(ClientIdentity client, ReadOnlySpan<byte> topic, int size, bool retain, EffectiveLimits limits)
    {
        if (!retain)
        {
            return true;
        }

        var reached = Memory.IsShort ? LimitName.Memory : Retained.LimitFor(topic, size, client.ClientId, limits);
        if (reached is { } limit)
        {
            Limits.Report(client, limit, "a message to be retained is refused");
        }

        return reached is null;
    }

    /// <summary>Ends every connection that has a session.</summary>
    public void CloseAll(CloseReason reason)
    {
        foreach (var session in Sessions.All)
        {
            session.CloseLink(reason);
        }
    }

    public void Dispose() => Wheel.Dispose();
}
