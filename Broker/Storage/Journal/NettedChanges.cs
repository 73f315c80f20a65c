using System.Runtime.InteropServices;
using Broker.Core.Topics;

namespace Broker.Storage.Journal;

/// <summary>Second look at a batch: passes on, in order, what still matters at its end.</summary>
internal sealed class NettedChanges(BatchSurvey survey, IChangeTarget target) : IChangeTarget
{
    private readonly Dictionary<long, long> _vanishedSequences = [];
    private int _receivedCount;
    private int _retainedCount;

    /// <summary>The batch has been passed on: sequences of messages that vanished are still used.</summary>
    public void End()
    {
        foreach (var (session, sequence) in _vanishedSequences)
        {
            target.SequencesUsed(session, sequence);
        }
    }

    public void SessionAttached(long session, in SessionData data)
    {
        if (!survey.IsEnded(session))
        {
            target.SessionAttached(session, data);
        }
    }

    public void SessionDetached(long session, uint expirySeconds, bool keepWill, long at)
    {
        if (!survey.IsEnded(session))
        {
            target.SessionDetached(session, expirySeconds, keepWill, at);
        }
    }

    public void WillPublished(long session)
    {
        if (!survey.IsEnded(session))
        {
            target.WillPublished(session);
        }
    }

    public void SessionEnded(long session) => target.SessionEnded(session);

    public void Subscribed(long session, ReadOnlySpan<byte> filter, SubscriptionOptions options, uint identifier)
    {
        if (!survey.IsEnded(session))
        {
            target.Subscribed(session, filter, options, identifier);
        }
    }

    public void Unsubscribed(long session, ReadOnlySpan<byte> filter)
    {
        if (!survey.IsEnded(session))
        {
            target.Unsubscribed(session, filter);
        }
    }

    public void SharedMessage(long key, in MessageData message)
    {
        if (survey.IsReferred(key))
        {
            target.SharedMessage(key, message);
        }
    }

    public void Queued(long session, long sequence, long sharedKey, in MessageData message, in TermsData terms)
    {
        if (survey.IsEnded(session))
        {
            return;
        }

        if (survey.IsRemoved(session, sequence))
        {
            ref var highest = ref CollectionsMarshal.GetValueRefOrAddDefault(_vanishedSequences, session, out _);
            highest = Math.Max(highest, sequence);
            return;
        }

        target.Queued(session, sequence, sharedKey, message, terms);
    }

    public void Released(long session, long sequence)
    {
        if (!survey.IsEnded(session) && !survey.IsRemoved(session, sequence))
        {
            target.Released(session, sequence);
        }
    }

    public void Removed(long session, long sequence)
    {
        if (!survey.IsEnded(session) && !survey.IsQueued(session, sequence))
        {
            target.Removed(session, sequence);
        }
    }

    public void SequencesUsed(long session, long upTo)
    {
        if (!survey.IsEnded(session))
        {
            target.SequencesUsed(session, upTo);
        }
    }

    public void Received(long session, ushort packetId)
    {
        if (survey.IsLastReceived(session, packetId, _receivedCount++) && !survey.IsEnded(session))
        {
            target.Received(session, packetId);
        }
    }

    public void ReceiveEnded(long session, ushort packetId)
    {
        if (survey.IsLastReceived(session, packetId, _receivedCount++) && !survey.IsEnded(session))
        {
            target.ReceiveEnded(session, packetId);
        }
    }

    public void Retained(in MessageData message)
    {
        if (survey.IsLastRetained(message.Topic, _retainedCount++))
        {
            target.Retained(message);
        }
    }

    public void RetainedRemoved(ReadOnlySpan<byte> topic)
    {
        if (survey.IsLastRetained(topic, _retainedCount++))
        {
            target.RetainedRemoved(topic);
        }
    }
}
