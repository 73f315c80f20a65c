using Broker.Core.Topics;

namespace Broker.Storage.Journal;

/// <summary>Encodes changes into a frame, one after another: kind, then fields. <see cref="ChangeReader"/> is the other direction.</summary>
internal sealed partial class ChangeWriter(FrameBuffer frame) : IChangeTarget
{
    private const int KindLength = 1;

    /// <summary>Where the changes go.</summary>
    public FrameBuffer Frame { get; } = frame;

    public void SessionDetached(long session, uint expirySeconds, bool keepWill, long at)
    {
        var writer = Begin(ChangeKind.SessionDetached, 2 * FieldWriter.NumberLength + 1 + sizeof(long));
        writer.Number(session);
        writer.Number(expirySeconds);
        writer.Byte(keepWill ? (byte)1 : (byte)0);
        writer.Time(at);
        End(writer);
    }

    public void WillPublished(long session) => Numbers(ChangeKind.WillPublished, session);

    public void SessionEnded(long session) => Numbers(ChangeKind.SessionEnded, session);

    public void Subscribed(long session, ReadOnlySpan<byte> filter, SubscriptionOptions options, uint identifier)
    {
        var writer = Begin(ChangeKind.Subscribed, 3 * FieldWriter.NumberLength + filter.Length + 1);
        writer.Number(session);
        writer.Bytes(filter);
        writer.Byte((byte)((int)options.Qos
            | (options.NoLocal ? ChangeFlags.SubscriptionNoLocal : 0)
            | (options.RetainAsPublished ? ChangeFlags.SubscriptionRetainAsPublished : 0)
            | ((int)options.RetainHandling << ChangeFlags.SubscriptionRetainHandlingShift)));
        writer.Number(identifier);
        End(writer);
    }

    public void Unsubscribed(long session, ReadOnlySpan<byte> filter)
    {
        var writer = Begin(ChangeKind.Unsubscribed, 2 * FieldWriter.NumberLength + filter.Length);
        writer.Number(session);
        writer.Bytes(filter);
        End(writer);
    }

    public void Released(long session, long sequence) => Numbers(ChangeKind.Released, session, sequence);

    public void Removed(long session, long sequence) => Numbers(ChangeKind.Removed, session, sequence);

    public void SequencesUsed(long session, long upTo) => Numbers(ChangeKind.SequencesUsed, session, upTo);

    public void Received(long session, ushort packetId) => Numbers(ChangeKind.Received, session, packetId);

    public void ReceiveEnded(long session, ushort packetId) => Numbers(ChangeKind.ReceiveEnded, session, packetId);

    public void RetainedRemoved(ReadOnlySpan<byte> topic)
    {
        var writer = Begin(ChangeKind.RetainedRemoved, FieldWriter.NumberLength + topic.Length);
        writer.Bytes(topic);
        End(writer);
    }

    private void Numbers(ChangeKind kind, long first)
    {
        var writer = Begin(kind, FieldWriter.NumberLength);
        writer.Number(first);
        End(writer);
    }

    private void Numbers(ChangeKind kind, long first, long second)
    {
        var writer = Begin(kind, 2 * FieldWriter.NumberLength);
        writer.Number(first);
        writer.Number(second);
        End(writer);
    }

    private FieldWriter Begin(ChangeKind kind, int largestLength)
    {
        var writer = new FieldWriter(Frame.Ask(KindLength + largestLength));
        writer.Byte((byte)kind);
        return writer;
    }

    private void End(in FieldWriter writer) => Frame.Advance(writer.Length);
}
