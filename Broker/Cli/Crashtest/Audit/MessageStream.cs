using Broker.Primitives;

namespace Broker.Cli.Crashtest.Audit;

/// <summary>The messages that one publisher sends to one topic, numbered from 0, and what the broker has promised about each.</summary>
internal sealed class MessageStream(uint index, string topic, Qos qos, bool retain)
{
    private const ushort NotAcknowledged = 0;

    // The round in which each was acknowledged.
    private readonly List<ushort> _rounds = [];

    /// <summary>Which topic of the run.</summary>
    public uint Index => index;

    public string Topic => topic;

    public byte[] TopicBytes { get; } = System.Text.Encoding.UTF8.GetBytes(topic);

    public Qos Qos => qos;

    /// <summary>True when each message replaces the topic's retained one.</summary>
    public bool Retain => retain;

    /// <summary>Sequence number of the message that is sent next.</summary>
    public uint Next => (uint)_rounds.Count;

    /// <summary>Latest message whose exchange is complete (PUBACK, PUBCOMP): the retained message may not be older. -1 for none.</summary>
    public long LastCompleted { get; private set; } = -1;

    /// <summary>A message is sent for the first time.</summary>
    /// <returns>Its sequence number.</returns>
    public uint Publish()
    {
        _rounds.Add(NotAcknowledged);
        return Next - 1;
    }

    /// <summary>The broker has taken responsibility for a message (PUBACK, PUBREC). False when it had done so before.</summary>
    /// <param name="sequence">The message.</param>
    /// <param name="round">Number of the round, from 1.</param>
    public bool Acknowledge(uint sequence, int round)
    {
        var isFirst = !IsAcknowledged(sequence);
        if (isFirst)
        {
            _rounds[(int)sequence] = (ushort)round;
        }

        return isFirst;
    }

    public bool IsAcknowledged(uint sequence) => _rounds[(int)sequence] != NotAcknowledged;

    /// <summary>The round in which a message was acknowledged.</summary>
    public int RoundOf(uint sequence) => _rounds[(int)sequence];

    /// <summary>The exchange of a message is complete.</summary>
    public void Complete(uint sequence) => LastCompleted = Math.Max(LastCompleted, sequence);

    /// <summary>The retained message was found to be another than promised: what counts from now on is this one, or none.</summary>
    public void ResetCompleted(uint? sequence) => LastCompleted = sequence ?? -1L;
}
