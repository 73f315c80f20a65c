using Broker.Primitives;

namespace Broker.Cli.Crashtest.Audit;

/// <summary>Which messages of one stream a subscriber has had, and which it must get.</summary>
/// <param name="stream">The messages.</param>
/// <param name="qos">QoS that they are delivered with: the lower one of publisher and subscription.</param>
internal sealed class DeliveryRecord(MessageStream stream, Qos qos)
{
    private const int BitsPerWord = 64;

    private ulong[] _delivered = new ulong[1];
    private uint _settled;

    public MessageStream Stream => stream;

    public Qos Qos => qos;

    /// <summary>The message after the latest one delivered.</summary>
    public uint Next { get; private set; }

    /// <summary>The first message that must be delivered; null while no subscription is acknowledged.</summary>
    public uint? From { get; private set; }

    /// <summary>The subscription is acknowledged: from now on what is sent must be delivered. A second time changes nothing.</summary>
    public void Begin()
    {
        From ??= stream.Next;
        _settled = Math.Max(_settled, From.Value);
    }

    /// <summary>A message is handed to the subscriber's application.</summary>
    public DeliveryOutcome Accept(uint sequence)
    {
        if (sequence >= stream.Next)
        {
            return DeliveryOutcome.NeverSent;
        }

        if (IsDelivered(sequence))
        {
            return DeliveryOutcome.Duplicate;
        }

        Mark(sequence);
        if (sequence < Next)
        {
            return DeliveryOutcome.Overtaken;
        }

        Next = sequence + 1;
        return DeliveryOutcome.First;
    }

    /// <summary>True when nothing is missing of what has been acknowledged so far. Ask when nothing is in flight: an acknowledgement that comes later may be passed over.</summary>
    public bool IsComplete()
    {
        while (From is not null && _settled < stream.Next && !IsMissing(_settled))
        {
            _settled++;
        }

        return From is null || _settled == stream.Next;
    }

    /// <summary>The acknowledged messages that have not been delivered.</summary>
    public IEnumerable<uint> Missing()
    {
        for (var sequence = From ?? stream.Next; sequence < stream.Next; sequence++)
        {
            if (IsMissing(sequence))
            {
                yield return sequence;
            }
        }
    }

    private bool IsMissing(uint sequence) => stream.IsAcknowledged(sequence) && !IsDelivered(sequence);

    private bool IsDelivered(uint sequence) =>
        sequence / BitsPerWord < _delivered.Length && (_delivered[sequence / BitsPerWord] >> (int)(sequence % BitsPerWord) & 1) != 0;

    private void Mark(uint sequence)
    {
        var word = (int)(sequence / BitsPerWord);
        if (word >= _delivered.Length)
        {
            Array.Resize(ref _delivered, Math.Max(word + 1, _delivered.Length * 2));
        }

        _delivered[word] |= 1UL << (int)(sequence % BitsPerWord);
    }
}
