using Broker.Storage.Journal;
using NUnit.Framework;

namespace Broker.Tests.Storage.Journal;

/// <summary>What cancels out within a batch never reaches the database; everything else does, in order.</summary>
internal sealed class NettingTests
{
    [Test]
    public void A_message_that_was_queued_and_removed_vanishes_but_its_sequence_is_used() => AssertNetted(
        changes =>
        {
            Queue(changes, 1, 5);
            Queue(changes, 1, 6);
            changes.Released(1, 5);
            changes.Removed(1, 5);
            changes.Removed(1, 6);
            changes.Released(1, 3);
        },
        "released 1 3",
        "used 1 6");

    [Test]
    public void A_message_that_was_queued_before_is_removed() => AssertNetted(
        changes =>
        {
            changes.Released(1, 4);
            changes.Removed(1, 4);
        },
        "removed 1 4");

    [Test]
    public void What_is_queued_stays_queued_and_in_order() => AssertNetted(
        changes =>
        {
            Queue(changes, 1, 1);
            Queue(changes, 2, 1);
            changes.Removed(2, 1);
            Queue(changes, 1, 2);
            changes.Released(1, 1);
        },
        Queued(1, 1),
        Queued(1, 2),
        "released 1 1",
        "used 2 1");

    [Test]
    public void A_shared_message_stays_as_long_as_one_session_has_it() => AssertNetted(
        changes =>
        {
            Share(changes, 10);
            Queue(changes, 1, 1, 10);
            Queue(changes, 2, 1, 10);
            changes.Removed(1, 1);
        },
        "shared 10 (t    AtMostOnce False 0)",
        Queued(2, 1, 10),
        "used 1 1");

    [Test]
    public void A_shared_message_that_nobody_has_any_more_vanishes() => AssertNetted(
        changes =>
        {
            Share(changes, 10);
            Queue(changes, 1, 1, 10);
            Queue(changes, 2, 1, 10);
            changes.Removed(1, 1);
            changes.SessionEnded(2);
        },
        "ended 2",
        "used 1 1");

    [Test]
    public void Of_a_session_that_ended_only_the_end_is_left() => AssertNetted(
        changes =>
        {
            changes.SessionAttached(1, default);
            changes.Subscribed(1, "a"u8, default, 0);
            Queue(changes, 1, 1);
            changes.SequencesUsed(1, 100);
            changes.Received(1, 5);
            changes.Unsubscribed(1, "a"u8);
            changes.SessionDetached(1, 0, false, 0);
            changes.WillPublished(1);
            changes.SessionEnded(1);
            changes.WillPublished(2);
        },
        "ended 1",
        "will-published 2");

    [Test]
    public void Of_a_packet_identifier_the_last_change_counts() => AssertNetted(
        changes =>
        {
            changes.Received(1, 5);
            changes.Received(1, 6);
            changes.ReceiveEnded(1, 5);
            changes.Received(1, 5);
            changes.ReceiveEnded(1, 6);
            changes.Received(2, 6);
        },
        "received 1 5",
        "receive-ended 1 6",
        "received 2 6");

    [Test]
    public void Of_a_topic_the_last_retained_message_counts() => AssertNetted(
        changes =>
        {
            changes.Retained(new MessageData { Topic = "a"u8, Payload = "1"u8 });
            changes.Retained(new MessageData { Topic = "b"u8, Payload = "1"u8 });
            changes.RetainedRemoved("b"u8);
            changes.Retained(new MessageData { Topic = "a"u8, Payload = "2"u8 });
            changes.RetainedRemoved("c"u8);
        },
        "retained-removed b",
        "retained (a 2   AtMostOnce False 0)",
        "retained-removed c");

    [Test]
    public void A_batch_is_used_again()
    {
        ChangeBatch batch = new();
        ChangeText first = Apply(batch, 1, changes => changes.Removed(1, 1));
        batch.Clear();
        ChangeText second = Apply(batch, 2, changes => Queue(changes, 1, 1));

        Assert.That(first.ToString(), Is.EqualTo("removed 1 1"));
        Assert.That(second.ToString(), Is.EqualTo(Queued(1, 1)));
        Assert.That(batch.LastFrame, Is.EqualTo(2));
    }

    private static void AssertNetted(Action<IChangeTarget> changes, params string[] expected) =>
        Assert.That(Apply(new ChangeBatch(), 1, changes).Lines, Is.EqualTo(expected));

    private static ChangeText Apply(ChangeBatch batch, int frame, Action<IChangeTarget> changes)
    {
        ChangeWriter writer = new(new FrameBuffer());
        changes(writer);
        batch.Add(new FrameHeader(frame, 0, writer.Frame.PayloadLength), writer.Frame.Payload);
        ChangeText text = new();
        batch.ApplyTo(text);
        return text;
    }

    private static void Queue(IChangeTarget changes, long session, long sequence, long key = 0) =>
        changes.Queued(session, sequence, key, new MessageData { Topic = "t"u8 }, default);

    private static void Share(IChangeTarget changes, long key) => changes.SharedMessage(key, new MessageData { Topic = "t"u8 });

    private static string Queued(long session, long sequence, long key = 0) =>
        $"queued {session} {sequence} {(key == 0 ? "(t    AtMostOnce False 0)" : $"={key}")} AtMostOnce False [] ";
}
