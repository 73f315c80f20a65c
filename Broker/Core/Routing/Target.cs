using Broker.Core.Sessions;
using Broker.Core.Topics;
using Broker.Primitives;

namespace Broker.Core.Routing;

/// <summary>One session that receives what is published to a topic, and the sum of its matching subscriptions: it gets one copy [MQTT-3.3.4-2].</summary>
internal readonly struct Target
{
    private readonly Subscription[]? _merged;

    public Target(Subscription subscription)
    {
        Session = subscription.Session;
        Qos = subscription.Options.Qos;
        NoLocal = subscription.Options.NoLocal;
        RetainAsPublished = subscription.Options.RetainAsPublished;
        Identifiers = subscription.Identifiers;
    }

    private Target(Subscription[] merged)
    {
        _merged = merged;
        Session = merged[0].Session;
        Qos = merged.Max(static subscription => subscription.Options.Qos);
        NoLocal = merged.Any(static subscription => subscription.Options.NoLocal);
        RetainAsPublished = merged.Any(static subscription => subscription.Options.RetainAsPublished);
        Identifiers = [.. merged.Where(static subscription => subscription.Identifier != 0).Select(static subscription => subscription.Identifier)];
    }

    /// <summary>Who receives.</summary>
    public Session Session { get; }

    /// <summary>Highest QoS of the subscriptions [MQTT-3.3.4-2].</summary>
    public Qos Qos { get; }

    /// <summary>True when at least one of the subscriptions has No Local; <see cref="WithoutLocal"/> decides for the publisher itself.</summary>
    public bool NoLocal { get; }

    /// <summary>True when one of the subscriptions keeps the RETAIN flag.</summary>
    public bool RetainAsPublished { get; }

    /// <summary>Subscription Identifiers of all of them [MQTT-3.3.4-3] [MQTT-3.3.4-4] [MQTT-3.3.4-5].</summary>
    public uint[] Identifiers { get; }

    /// <summary>The sum of several subscriptions of one session.</summary>
    public static Target Merge(List<Subscription> subscriptions) => subscriptions.Count == 1 ? new Target(subscriptions[0]) : new Target([.. subscriptions]);

    /// <summary>What is left for the publisher itself: the subscriptions without No Local [MQTT-3.8.3-3]. False when nothing is.</summary>
    public bool WithoutLocal(out Target rest)
    {
        var local = _merged?.Where(static subscription => !subscription.Options.NoLocal).ToArray() ?? [];
        rest = local.Length == 0 ? default : new Target(local);
        return local.Length > 0;
    }
}
