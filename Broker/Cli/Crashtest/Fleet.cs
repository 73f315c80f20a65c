using System.Globalization;
using Broker.Cli.Bench;
using Broker.Cli.Crashtest.Audit;
using Broker.Cli.Crashtest.Sessions;
using Broker.Primitives;
using Broker.Protocols.Mqtt;

namespace Broker.Cli.Crashtest;

/// <summary>The clients of a run, with the topics that they use.</summary>
internal sealed class Fleet
{
    private readonly CrashtestPlan _plan;
    private readonly LoadFlow _flow;
    private readonly AuditLog _audit;
    private readonly PayloadPattern _payloads;
    private readonly string _name;
    private int _probes;

    public Fleet(CrashtestPlan plan, LoadFlow flow, AuditLog audit)
    {
        (_plan, _flow, _audit) = (plan, flow, audit);
        _payloads = new PayloadPattern(flow.Run, plan.PayloadBytes);
        _name = $"crashtest-{flow.Run:x8}";
        Publishers = [.. Enumerable.Range(0, plan.Publishers).Select(Publisher)];
        Subscribers = [.. Enumerable.Range(0, plan.Subscribers).Select(Subscriber)];
    }

    public IReadOnlyList<PublishingSession> Publishers { get; }

    public IReadOnlyList<SubscribingSession> Subscribers { get; }

    /// <summary>Everyone who stays from round to round.</summary>
    public IEnumerable<ClientSession> Sessions => Subscribers.Concat<ClientSession>(Publishers);

    /// <summary>True for every other subscriber, who comes and goes and subscribes to more as time passes.</summary>
    public static bool ComesAndGoes(int subscriber) => subscriber % 2 == 1;

    /// <summary>True when everything acknowledged has arrived and nothing is in flight; under the gate.</summary>
    public bool IsSettled() =>
        Publishers.All(publisher => publisher is { IsConnected: true, IsIdle: true })
        && Subscribers.All(subscriber => subscriber is { IsConnected: true, IsSubscribed: true } && subscriber.Records.All(record => record.IsComplete()));

    /// <summary>A client that comes to see which retained messages there are.</summary>
    public RetainedProbe Probe() => new(
        _flow,
        _audit,
        $"{_name}-r{_probes++}",
        $"{_name}/retained/#",
        [.. Publishers.SelectMany(publisher => publisher.Streams).Where(stream => stream.Retain)],
        _payloads);

    private PublishingSession Publisher(int index)
    {
        (Qos Qos, bool Retain)[] kinds = [(Qos.AtLeastOnce, false), (Qos.ExactlyOnce, false), (Qos.AtLeastOnce, true), (Qos.ExactlyOnce, true)];
        var streams = kinds.Select((kind, position) =>
            new MessageStream((uint)((index * kinds.Length) + position), Topic(Part(index), kind.Qos, kind.Retain), kind.Qos, kind.Retain));
        return new PublishingSession(
            _flow, _audit, $"{_name}-p{index}", index % 2 == 0 ? MqttVersion.V5 : MqttVersion.V311, [.. streams], _payloads, _plan.Window);
    }

    private SubscribingSession Subscriber(int index)
    {
        // Both versions among those who stay and among those who come and go; a quarter takes QoS 2 messages at QoS 1.
        var version = index % 4 is 0 or 3 ? MqttVersion.V5 : MqttVersion.V311;
        var subscriber = new SubscribingSession(
            _flow, _audit, $"{_name}-s{index}", version, index % 4 == 2 ? Qos.AtLeastOnce : Qos.ExactlyOnce, _payloads);
        foreach (var qos in new[] { Qos.AtLeastOnce, Qos.ExactlyOnce })
        {
            if (ComesAndGoes(index))
            {
                WantOneByOne(subscriber, qos);
            }
            else
            {
                subscriber.Want(Topic("+", qos, retain: false), Publishers.Select(publisher => StreamOf(publisher, qos)));
            }
        }

        return subscriber;
    }

    private void WantOneByOne(SubscribingSession subscriber, Qos qos)
    {
        for (var index = 0; index < Publishers.Count; index++)
        {
            subscriber.Want(Topic(Part(index), qos, retain: false), [StreamOf(Publishers[index], qos)], later: index % 2 == 1);
        }
    }

    private static MessageStream StreamOf(PublishingSession publisher, Qos qos) =>
        publisher.Streams.First(stream => stream.Qos == qos && !stream.Retain);

    private static string Part(int publisher) => string.Create(CultureInfo.InvariantCulture, $"p{publisher}");

    private string Topic(string publisher, Qos qos, bool retain) => $"{_name}/{(retain ? "retained" : "messages")}/{publisher}/q{(int)qos}";
}
