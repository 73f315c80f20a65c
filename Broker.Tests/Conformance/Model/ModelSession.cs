using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;

namespace Broker.Tests.Conformance.Model;

/// <summary>A session as the specification sees it: subscriptions, what waits, what is unacknowledged.</summary>
internal sealed class ModelSession(string id, MqttVersion version)
{
    public string Id => id;

    public MqttVersion Version => version;

    /// <summary>The connection; null while there is none.</summary>
    public MqttClient? Client { get; set; }

    public bool Exists { get; set; }

    public bool Clean { get; set; }

    public Dictionary<string, Qos> Subscriptions { get; } = [];

    public List<ModelDelivery> Waiting { get; } = [];

    public List<ModelDelivery> Inflight { get; } = [];

    /// <summary>QoS 2 publishes of this client whose PUBREL has not been sent.</summary>
    public HashSet<ushort> Unreleased { get; } = [];

    public void Forget()
    {
        Exists = false;
        Subscriptions.Clear();
        Waiting.Clear();
        Inflight.Clear();
        Unreleased.Clear();
    }

    /// <summary>The broker's process ended: the next one cannot know what was sent, so that all of it comes as if again.</summary>
    public void Restart()
    {
        Inflight.AddRange(Waiting);
        Waiting.Clear();
    }

    /// <summary>QoS at which a topic is granted; null when nothing matches.</summary>
    public Qos? GrantFor(string topic) => Subscriptions
        .Where(one => Matches(one.Key.Split('/'), topic.Split('/')))
        .Select(static one => (Qos?)one.Value)
        .Max();

    // Section 4.7, word by word; nothing here begins with $.
    public static bool Matches(ReadOnlySpan<string> filter, ReadOnlySpan<string> topic)
    {
        if (filter.Length == 0 || topic.Length == 0)
        {
            return (filter.Length == 0 && topic.Length == 0) || filter is ["#"];
        }

        return filter[0] == "#" || ((filter[0] == "+" || filter[0] == topic[0]) && Matches(filter[1..], topic[1..]));
    }
}
