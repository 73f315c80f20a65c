using System.Collections.Frozen;
using Broker.Configuration;
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
        Retained = new RetainedStore(Clock);
        Router = new Router(Subscriptions, Retained);
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

    /// <summary>Monotonic clock.</summary>
    public BrokerClock Clock { get; }

    /// <summary>All deadlines.</summary>
    public TimerWheel Wheel { get; }

    /// <summary>All subscriptions.</summary>
    public SubscriptionTree Subscriptions { get; } = new();

    /// <summary>Retained messages.</summary>
    public RetainedStore Retained { get; }

    /// <summary>Takes publications to their receivers.</summary>
    public Router Router { get; }

    /// <summary>All sessions.</summary>
    public SessionRegistry Sessions { get; }

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

        Router.Publish(Publication.Of(message.WithExpiry(batch.ExpiresAt(will.ExpirySeconds))), batch);
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
