using System.Globalization;
using Broker.Primitives;

namespace Broker.Cli.Crashtest.Audit;

/// <summary>Compares what the broker does with what it has promised, round by round. Guarded by the flow's gate.</summary>
internal sealed class AuditLog
{
    private const int MaximumExamplesOfKind = 4;

    private readonly List<RoundTally> _rounds = [];
    private readonly List<string> _examples = [];

    /// <summary>The rounds so far; the last one is going on.</summary>
    public IReadOnlyList<RoundTally> Rounds => _rounds;

    /// <summary>The first violations of each kind, in words.</summary>
    public IReadOnlyList<string> Examples => _examples;

    /// <summary>The first thing that went wrong and is no broken promise, like a refused or broken connection; null for none.</summary>
    public string? Fault { get; private set; }

    /// <summary>True from just before a kill on: connections end then.</summary>
    public bool ExpectsLostConnections { get; set; }

    private RoundTally Current => _rounds[^1];

    public RoundTally BeginRound()
    {
        _rounds.Add(new RoundTally());
        return Current;
    }

    /// <summary>A message is sent for the first time.</summary>
    /// <returns>Its sequence number.</returns>
    public uint Publish(MessageStream stream)
    {
        Current.Published++;
        return stream.Publish();
    }

    public void Acknowledge(MessageStream stream, uint sequence) =>
        Current.Acknowledged += stream.Acknowledge(sequence, _rounds.Count) ? 1 : 0;

    public void Refuse() => Current.Refused++;

    /// <summary>A message is handed to a subscriber's application.</summary>
    public void Deliver(DeliveryRecord record, uint sequence, string subscriber)
    {
        var outcome = record.Accept(sequence);
        switch (outcome)
        {
            case DeliveryOutcome.NeverSent:
                Violate(ViolationKind.Corrupted, Describe(record.Stream, sequence, "delivered but never sent", subscriber));
                return;
            case DeliveryOutcome.Duplicate when record.Qos == Qos.ExactlyOnce:
                Violate(ViolationKind.DuplicateQos2, Describe(record.Stream, sequence, "delivered again", subscriber));
                return;
            case DeliveryOutcome.Duplicate:
                Current.DuplicatesQos1++;
                return;
            case DeliveryOutcome.Overtaken:
                Violate(ViolationKind.OutOfOrder, Describe(record.Stream, sequence, $"delivered after message {record.Next - 1}", subscriber));
                break;
        }

        Current.Delivered++;
    }

    /// <summary>Everything has had its time: what is still missing is lost.</summary>
    public void CountLost(DeliveryRecord record, string subscriber)
    {
        foreach (var sequence in record.Missing())
        {
            var round = record.Stream.RoundOf(sequence);
            Violate(ViolationKind.Lost, Describe(record.Stream, sequence, $"lost, acknowledged in round {round}", subscriber), _rounds[round - 1]);
        }
    }

    /// <summary>A restarted broker has this as the retained message of a topic.</summary>
    /// <param name="stream">The messages that were retained.</param>
    /// <param name="found">The one found; null for none.</param>
    public void CheckRetained(MessageStream stream, uint? found)
    {
        if (found >= stream.Next)
        {
            Violate(ViolationKind.Corrupted, Describe(stream, found.Value, "retained but never sent"));
            stream.ResetCompleted(null);
        }
        else if ((found ?? -1L) < stream.LastCompleted)
        {
            Violate(ViolationKind.RetainedLost, Describe(stream, (uint)stream.LastCompleted, $"retained, acknowledged, and gone: {(found is null ? "none" : found)} is there"));
            stream.ResetCompleted(found);
        }
    }

    public void Violate(ViolationKind kind, string what) => Violate(kind, what, Current);

    /// <summary>The first fault is the one to report.</summary>
    public void Fail(string reason) => Fault ??= reason;

    private void Violate(ViolationKind kind, string what, RoundTally round)
    {
        if (_rounds.Sum(each => each[kind]) < MaximumExamplesOfKind)
        {
            _examples.Add(what);
        }

        round.Add(kind);
    }

    private static string Describe(MessageStream stream, uint sequence, string what, string? subscriber = null) => string.Create(
        CultureInfo.InvariantCulture, $"{subscriber}{(subscriber is null ? "" : ": ")}{stream.Topic} message {sequence} (QoS {(int)stream.Qos}) {what}");
}
