using System.Buffers.Binary;
using Broker.Primitives;
using Broker.Storage.Journal;
using NUnit.Framework;

namespace Broker.Tests.Storage.Database;

/// <summary>Queued messages, their own and shared ones.</summary>
public sealed class QueueTests : DatabaseFixture
{
    [Test]
    public void Of_large_messages_fewer_are_read_at_a_time_but_one_at_least()
    {
        foreach (int sequence in (int[])[1, 2, 3])
        {
            Database.Queued(1, sequence, 0, new MessageData { Topic = "t"u8, Payload = new byte[700_000], ExpiresAt = Message.NeverExpires }, default);
        }

        Database.Queued(1, 4, 0, new MessageData { Topic = "t"u8, Payload = new byte[1_500_000], ExpiresAt = Message.NeverExpires }, default);

        Assert.That(Queue(1).Select(static message => message.Sequence), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(Queue(1, after: 3).Select(static message => message.Sequence), Is.EqualTo(new[] { 4 }));
        Assert.That(Queue(1, after: 2, count: 1).Select(static message => message.Sequence), Is.EqualTo(new[] { 3 }));
    }

    [Test]
    public void A_message_comes_back_as_it_was()
    {
        var identifiers = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(identifiers, 7);
        BinaryPrimitives.WriteUInt32LittleEndian(identifiers.AsSpan(4), 268_435_455);
        var expiresAt = UnixNow + 5000;
        Database.Begin();
        Database.Queued(
            3,
            8,
            0,
            new MessageData
            {
                Topic = "a/ü"u8,
                Payload = [0, 255, 1],
                Properties = [1, 1],
                Publisher = "pub"u8,
                Qos = Qos.ExactlyOnce,
                Retain = true,
                ExpiresAt = expiresAt,
            },
            new TermsData { Qos = Qos.AtLeastOnce, Retain = true, Identifiers = identifiers, Group = "$share/g/a/+"u8 });
        Database.Commit(1, 1);

        var stored = Queue(3).Single();
        Assert.That((stored.Sequence, stored.Qos, stored.Retain), Is.EqualTo((8L, Qos.AtLeastOnce, true)));
        Assert.That(stored.Identifiers, Is.EqualTo(new uint[] { 7, 268_435_455 }));
        Assert.That(stored.Group, Is.EqualTo(TopicFilter.Parse("$share/g/a/+")));
        Assert.That(stored.Message.Topic.Text(), Is.EqualTo("a/ü"));
        Assert.That(stored.Message.Payload.ToArray(), Is.EqualTo(new byte[] { 0, 255, 1 }));
        Assert.That(stored.Message.Properties.ToArray(), Is.EqualTo(new byte[] { 1, 1 }));
        Assert.That((stored.Message.Publisher, stored.Message.Qos, stored.Message.Retain), Is.EqualTo(("pub", Qos.ExactlyOnce, true)));
        Assert.That(stored.Message.ExpiresAt, Is.EqualTo(5000), "on the broker's clock, which stands at 0");
    }

    [Test]
    public void What_a_message_does_not_have_is_not_taken_from_the_one_before()
    {
        Database.Begin();
        Database.Queued(
            1, 1, 0,
            new MessageData { Topic = "t"u8, Payload = "x"u8, Properties = "p"u8, Publisher = "c"u8, Qos = Qos.ExactlyOnce, Retain = true, ExpiresAt = 1 },
            new TermsData { Qos = Qos.ExactlyOnce, Retain = true, Identifiers = [1, 0, 0, 0], Group = "$share/g/t"u8 });
        Database.Queued(1, 2, 0, new MessageData { Topic = "u"u8, ExpiresAt = Message.NeverExpires }, default);
        Database.Commit(1, 1);

        var stored = Queue(1)[1];
        Assert.That((stored.Qos, stored.Retain, stored.Identifiers.Length, stored.Group), Is.EqualTo((Qos.AtMostOnce, false, 0, (TopicFilter?)null)));
        Assert.That((stored.Message.Payload.Length, stored.Message.Properties.Length, stored.Message.Publisher), Is.EqualTo((0, 0, "")));
        Assert.That((stored.Message.Qos, stored.Message.Retain, stored.Message.ExpiresAt), Is.EqualTo((Qos.AtMostOnce, false, Message.NeverExpires)));
    }

    [Test]
    public void A_queue_is_read_in_order_from_a_place_on_up_to_a_count()
    {
        Database.Apply(d =>
        {
            foreach (var sequence in (int[])[300, 2, 70, 1, 5])
            {
                d.Queue(1, sequence, $"{sequence}");
                d.Queue(2, sequence, "another's");
            }
        });

        Assert.That(Queue(1, after: 1, count: 3).Select(m => m.Message.Payload.Text()), Is.EqualTo(["2", "5", "70"]));
        Assert.That(Queue(1, after: 300), Is.Empty);
        Assert.That(Queue(3), Is.Empty);
    }

    [Test]
    public void Changes_that_are_not_committed_are_read()
    {
        Database.Begin();
        Database.Queue(1, 1, "m");

        Assert.That(Queue(1), Has.Count.EqualTo(1));
        Database.Rollback();
        Assert.That(Queue(1), Is.Empty);
    }

    [Test]
    public void What_is_removed_or_released_is_not_read()
    {
        Database.Apply(d =>
        {
            d.Queue(1, 1, "a");
            d.Queue(1, 2, "b");
            d.Queue(1, 3, "c");
            d.Removed(1, 1);
            d.Released(1, 2);
            d.Removed(1, 99);
        });

        Assert.That(Queue(1).Select(m => m.Sequence), Is.EqualTo([3]));
        Assert.That(Number("SELECT count(*) FROM queue WHERE payload IS NULL"), Is.EqualTo(1), "a released message is not needed any more");
    }

    [Test]
    public void A_shared_message_is_kept_once_until_the_last_that_waits_for_it()
    {
        Database.Apply(d =>
        {
            d.Share(5, "shared");
            d.QueueShared(1, 1, 5);
            d.QueueShared(2, 1, 5);
            d.QueueShared(3, 1, 5);
        });
        Assert.That(Queue(2).Single().Message.Payload.Text(), Is.EqualTo("shared"));
        Assert.That(Number("SELECT count(*) FROM message"), Is.EqualTo(1));

        Database.Apply(d => d.Removed(1, 1));
        Database.Apply(d => d.Released(2, 1));
        Assert.That(Queue(3), Has.Count.EqualTo(1));
        Assert.That(Number("SELECT count(*) FROM message"), Is.EqualTo(1));

        Database.Apply(d => d.Removed(3, 1));
        Assert.That(Number("SELECT count(*) FROM message"), Is.Zero);
    }

    [Test]
    public void A_shared_message_goes_with_the_session_that_waited_for_it()
    {
        Database.Apply(d =>
        {
            d.Attach(1);
            d.Attach(2);
            d.Share(5, "both");
            d.Share(6, "one");
            d.QueueShared(1, 1, 5);
            d.QueueShared(2, 1, 5);
            d.QueueShared(1, 2, 6);
        });
        Database.Apply(d => d.SessionEnded(1));

        Assert.That(Number("SELECT group_concat(key) FROM message"), Is.EqualTo(5));
    }

    [Test]
    public void A_shared_message_that_nobody_waits_for_is_not_kept()
    {
        Database.Apply(d => d.Share(5, "nobody"));

        Assert.That(Number("SELECT count(*) FROM message"), Is.Zero);
    }

    [Test]
    public void A_shared_message_may_move_from_one_session_to_another()
    {
        Database.Apply(d =>
        {
            d.Share(5, "shared");
            d.QueueShared(1, 1, 5);
        });
        Database.Apply(d =>
        {
            d.Removed(1, 1);
            d.QueueShared(2, 1, 5);
        });

        Assert.That(Queue(2).Single().Message.Payload.Text(), Is.EqualTo("shared"));
    }
}
